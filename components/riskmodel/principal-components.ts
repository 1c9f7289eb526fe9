import { crossProduct, product, transposed } from './matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import type { DenseMatrix } from './types.ts';

/** Squares of the largest singular values of X, and their right vectors, one a row: `(count, variables)`. */
export interface Components {
  readonly variances: Float64Array;
  readonly components: DenseMatrix;
}

/**
 * The first right singular vectors of X, from the eigenvectors of the smaller of X'X and XX'. Each has its element of largest size positive, as
 * scikit-learn's `svd_flip` makes them. There are at most as many as X has rows or columns.
 */
export function principalComponents(x: DenseMatrix, count: number): Components {
  const kept = Math.min(count, x.rows, x.columns);
  if (x.columns <= x.rows) {
    const { values, vectors } = symmetricEigen(crossProduct(x, x));
    return {
      variances: values.slice(0, kept).map((v) => Math.max(0, v)),
      components: { rows: kept, columns: x.columns, values: vectors.values.slice(0, kept * x.columns) },
    };
  }
  const turned = transposed(x);
  const { values, vectors } = symmetricEigen(crossProduct(turned, turned));
  const left = { rows: kept, columns: x.rows, values: vectors.values.slice(0, kept * x.rows) };
  const components = product(left, x);
  for (let k = 0; k < kept; k++) normalize(components.values.subarray(k * x.columns, (k + 1) * x.columns));
  return { variances: values.slice(0, kept).map((v) => Math.max(0, v)), components };
}

function normalize(row: Float64Array): void {
  let square = 0;
  let largest = 0;
  for (const v of row) {
    square += v * v;
    if (Math.abs(v) > Math.abs(largest)) largest = v;
  }
  const scale = (largest < 0 ? -1 : 1) / Math.sqrt(square);
  for (let i = 0; i < row.length; i++) row[i]! *= scale;
}
