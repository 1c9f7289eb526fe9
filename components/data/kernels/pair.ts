import { rollingMean, rollingVariance } from './moments.ts';

/**
 * Covariance or correlation of two columns over the last `w` rows, from pandas' rolling means: (E[xy] - E[x] E[y]) count / (count - 1), over
 * the product of the deviations. Both must be missing in the same rows. `work` holds at least 4 n numbers. The reference of pair.as.ts.
 */
export function rollingPair(
  correlation: boolean,
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
  const d = work.subarray(3 * n, 4 * n);
  for (let i = 0; i < n; i++) d[i] = x[i]! * y[i]!;
  rollingMean(x, a, n, w);
  rollingMean(y, b, n, w);
  rollingMean(d, c, n, w);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w && present(x[i - w]! + y[i - w]!)) count--;
    if (present(x[i]! + y[i]!)) count++;
    out[i] = (c[i]! - a[i]! * b[i]!) * (count / (count - 1));
  }
  if (!correlation) return;
  rollingVariance(x, a, null, n, w);
  rollingVariance(y, b, null, n, w);
  for (let i = 0; i < n; i++) out[i] = out[i]! / Math.sqrt(a[i]! * b[i]!);
}

function present(v: number): boolean {
  return v === v;
}
