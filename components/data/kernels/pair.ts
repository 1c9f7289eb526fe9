import { rollingMean } from './moments.ts';

/**
 * Covariance of two columns over the last `w` rows, from pandas' rolling means: (E[xy] - E[x] E[y]) count / (count - 1). Both must miss the
 * same rows and hold no infinities. The reference of pair.as.ts. `work` holds at least 3 n numbers.
 */
export function rollingCovariance(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  n: number,
  w: number,
  work: Float64Array,
): void {
  const a = work.subarray(0, n);
  const b = work.subarray(n, 2 * n);
  const c = work.subarray(2 * n, 3 * n);
  rollingMean(x, a, n, w);
  rollingMean(y, b, n, w);
  for (let i = 0; i < n; i++) out[i] = x[i]! * y[i]!;
  rollingMean(out, c, n, w);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w && !Number.isNaN(x[i - w]!)) count--;
    if (!Number.isNaN(x[i]!)) count++;
    out[i] = (c[i]! - a[i]! * b[i]!) * (count / (count - 1));
  }
}

/** Covariances become correlations: divided by the root of the product of both variances. */
export function normalize(out: Float64Array, a: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i] = out[i]! / Math.sqrt(a[i]! * b[i]!);
}

/** Whether two columns hold the same values, NaN included. */
export function equalColumns(x: Float64Array, y: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++)
    if (x[i] !== y[i] && !(Number.isNaN(x[i]!) && Number.isNaN(y[i]!))) return false;
  return true;
}
