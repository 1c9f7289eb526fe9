import type { DenseMatrix } from './types.ts';

/** A matrix of zeros. */
export function zeros(rows: number, columns: number): DenseMatrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** f of every element. */
export function mapMatrix(
  a: DenseMatrix,
  f: (value: number, row: number, column: number) => number,
): DenseMatrix {
  const out = zeros(a.rows, a.columns);
  for (let i = 0, at = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++, at++) out.values[at] = f(a.values[at]!, i, j);
  return out;
}

/** A' B: `(a.columns, b.columns)`. */
export function crossProduct(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  const out = zeros(a.columns, b.columns);
  for (let row = 0; row < a.rows; row++)
    for (let i = 0; i < a.columns; i++) {
      const x = a.values[row * a.columns + i]!;
      if (x === 0) continue;
      const from = row * b.columns;
      const to = i * b.columns;
      for (let j = 0; j < b.columns; j++) out.values[to + j]! += x * b.values[from + j]!;
    }
  return out;
}

/** A B: `(a.rows, b.columns)`. */
export function product(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  const out = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const x = a.values[i * a.columns + k]!;
      const to = i * b.columns;
      const from = k * b.columns;
      for (let j = 0; j < b.columns; j++) out.values[to + j]! += x * b.values[from + j]!;
    }
  return out;
}

export function transposed(a: DenseMatrix): DenseMatrix {
  const out = zeros(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) out.values[j * a.rows + i] = a.values[i * a.columns + j]!;
  return out;
}

export function diagonalOf({ rows, columns, values }: DenseMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => values[i * columns + i]!);
}

/** Sum of all elements. */
export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum;
}

/** Correlations of a covariance. */
export function correlationOf(covariance: DenseMatrix): DenseMatrix {
  const deviation = diagonalOf(covariance).map(Math.sqrt);
  return mapMatrix(covariance, (x, i, j) => x / (deviation[i]! * deviation[j]!));
}
