import { pow } from '../core/power.ts';
/**
 * The mean block length with which the stationary bootstrap estimates a mean best, (2 G² / D)^(1/3) n^(1/3): G = Σ λ(k/M) |k| R(k),
 * D = 2 (Σ λ(k/M) R(k))², R being the autocovariances, λ a flat-top window that ends at M, twice the first lag after which they are no
 * longer told from 0. At least 1, at most min(3 √n, n/3).
 * Source: Politis and White (2004), Automatic block-length selection for the dependent bootstrap, Econometric Reviews 23(1), with the
 * correction of Patton, Politis and White (2009).
 */
export function blockLength(values: Float64Array): number {
  const n = values.length;
  const longest = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  const run = Math.max(5, Math.floor(Math.log10(n)));
  const maxLag = Math.ceil(Math.sqrt(n)) + run;
  if (n < 8) return 1;
  const covariance = autocovariances(values, Math.min(n - 1, maxLag));
  if (values.every((x) => x === values[0])) return 1;
  const end = Math.min(2 * lastDependence(covariance, n, run, maxLag), maxLag);
  let [g, sum] = [0, covariance[0]!];
  for (let k = 1; k <= end && k < covariance.length; k++) {
    const x = k / end;
    const window = x <= 0.5 ? 1 : 2 * (1 - x);
    g += 2 * window * k * covariance[k]!;
    sum += 2 * window * covariance[k]!;
  }
  const d = 2 * sum * sum;
  const length = d > 0 ? pow((2 * g * g) / d, 1 / 3) * pow(n, 1 / 3) : 1;
  return Math.min(Math.max(1, length), longest);
}

/** R(k) for k = 0 .. maxLag. */
function autocovariances(values: Float64Array, maxLag: number): Float64Array {
  const n = values.length;
  let mean = 0;
  for (const x of values) mean += x / n;
  const out = new Float64Array(maxLag + 1);
  for (let k = 0; k <= maxLag; k++) {
    let sum = 0;
    for (let i = k; i < n; i++) sum += (values[i]! - mean) * (values[i - k]! - mean);
    out[k] = sum / n;
  }
  return out;
}

/** The smallest lag (at least 1) after which `run` correlations in a row are insignificant, |ρ| < 2 √(log₁₀ n / n); else the last significant one. */
function lastDependence(covariance: Float64Array, n: number, run: number, maxLag: number): number {
  const limit = 2 * Math.sqrt(Math.log10(n) / n);
  const isSignificant = (k: number) =>
    k < covariance.length && Math.abs(covariance[k]! / covariance[0]!) >= limit;
  for (let m = 0; m + run <= maxLag; m++) {
    let quiet = true;
    for (let k = m + 1; k <= m + run && quiet; k++) quiet = !isSignificant(k);
    if (quiet) return Math.max(1, m);
  }
  for (let k = maxLag; k > 0; k--) if (isSignificant(k)) return k;
  return 1;
}
