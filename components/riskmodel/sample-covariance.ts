import { crossProduct, mapMatrix } from './matrix.ts';
import type { Observations } from './observations.ts';
import type { DenseMatrix } from './types.ts';

/** X'X / n, with a mask by the number of observations of each pair. No degree of freedom is taken off (qlib's `RiskModel._predict`). */
export function sampleCovariance({ x, seen }: Observations): DenseMatrix {
  const sums = crossProduct(x, x);
  const counts = seen ? crossProduct(seen, seen) : null;
  return mapMatrix(sums, (sum, i, j) => sum / (counts ? counts.values[i * counts.columns + j]! : x.rows));
}
