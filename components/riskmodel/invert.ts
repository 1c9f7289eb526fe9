import { zeros } from './matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import type { DenseMatrix } from './types.ts';

/** The inverse of a symmetric matrix of full rank, by its eigenvalues. */
export function invertSymmetric(a: DenseMatrix): DenseMatrix {
  const { values, vectors } = symmetricEigen(a);
  const n = a.rows;
  const out = zeros(n, n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        out.values[i * n + j]! += (vectors.values[k * n + i]! * vectors.values[k * n + j]!) / values[k]!;
  return out;
}
