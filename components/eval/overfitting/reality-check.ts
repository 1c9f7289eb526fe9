import { pow } from '../../core/power.ts';
import { blockLength } from '../block-length.ts';

export interface SuperiorAbility {
  /** White's reality check. */
  readonly realityCheck: number;
  /** Hansen's test for superior predictive ability: consistent, and its lower and upper bounds. */
  readonly spa: number;
  readonly spaLower: number;
  readonly spaUpper: number;
  /** Index of the strategy with the greatest mean. */
  readonly best: number;
  readonly meanBlock: number;
}

export interface SuperiorAbilityOptions {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Mean length of the bootstrap's blocks; default by Politis and White of the best strategy. */
  readonly meanBlock?: number;
}

/**
 * Is the best of several strategies better than the benchmark, or only the luckiest? p-values of the null that none has a mean
 * excess return above 0, by the stationary bootstrap, which keeps the dependence in time and between strategies.
 *
 * Reality check: V = max_k √n f̄_k against max_k √n (f̄*_k - f̄_k). Test for superior predictive ability: T = max(0, max_k √n f̄_k / ω_k)
 * against max(0, max_k √n (f̄*_k - g(f̄_k)) / ω_k), with ω_k² the variance under the stationary bootstrap; g recentres all strategies (upper),
 * those not far below 0, f̄_k ≥ -ω_k √(2 ln ln n / n) (consistent), or those above 0 (lower): poor ones do not spoil the test.
 * A resample as great as the statistic counts against it. NaN counts as 0; strategies without variance are left out of the studentised test.
 * @param excess (strategies) of (days) excess returns over the benchmark
 * Sources: White (2000), A reality check for data snooping, Econometrica 68(5); Hansen (2005), A test for superior predictive ability, Journal of
 * Business & Economic Statistics 23(4); Politis and Romano (1994).
 */
export function superiorAbility(
  excess: readonly ArrayLike<number>[],
  { uniform, resamples = 1000, meanBlock }: SuperiorAbilityOptions,
): SuperiorAbility {
  const n = excess[0]?.length ?? 0;
  if (excess.length === 0 || n < 3) throw new RangeError('at least one strategy and three days are needed');
  const columns = excess.map((f) => Float64Array.from(f, (x) => (Number.isNaN(x) ? 0 : x)));
  const means = columns.map((f) => f.reduce((a, b) => a + b, 0) / n);
  const best = means.indexOf(Math.max(...means));
  const length = Math.max(1, meanBlock ?? blockLength(columns[best]!));
  const root = Math.sqrt(n);
  const omega = columns.map((f, k) => root * stationaryDeviation(f, means[k]!, length));
  const threshold = Math.sqrt((2 * Math.log(Math.log(n))) / n);
  const centers = columns.map((_, k) => {
    const mean = means[k]!;
    return { lower: Math.max(0, mean), consistent: mean >= -omega[k]! * threshold ? mean : 0, upper: mean };
  });
  const studentised = (k: number, value: number) => (omega[k]! > 0 ? (root * value) / omega[k]! : 0);
  const plain = root * means[best]!;
  const statistic = Math.max(0, ...means.map((mean, k) => studentised(k, mean)));
  const above = { check: 0, lower: 0, consistent: 0, upper: 0 };
  const order = new Int32Array(n);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0, at = 0; i < n; i++) {
      at = i === 0 || uniform() * length < 1 ? Math.floor(uniform() * n) : at + 1 === n ? 0 : at + 1;
      order[i] = at;
    }
    let check = Number.NEGATIVE_INFINITY;
    let [lower, consistent, upper] = [0, 0, 0];
    for (const [k, f] of columns.entries()) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += f[order[i]!]!;
      const mean = sum / n;
      const center = centers[k]!;
      check = Math.max(check, root * (mean - means[k]!));
      lower = Math.max(lower, studentised(k, mean - center.lower));
      consistent = Math.max(consistent, studentised(k, mean - center.consistent));
      upper = Math.max(upper, studentised(k, mean - center.upper));
    }
    if (check >= plain) above.check++;
    if (lower >= statistic) above.lower++;
    if (consistent >= statistic) above.consistent++;
    if (upper >= statistic) above.upper++;
  }
  return {
    realityCheck: above.check / resamples,
    spa: above.consistent / resamples,
    spaLower: above.lower / resamples,
    spaUpper: above.upper / resamples,
    best,
    meanBlock: length,
  };
}

/**
 * Standard deviation of a mean under the stationary bootstrap with blocks of mean length 1/p, without resampling:
 * √((R(0) + 2 Σ κ(i) R(i)) / n), κ(i) = (n-i)/n (1-p)^i + i/n (1-p)^(n-i). Source: Politis and Romano (1994), Hansen (2005).
 */
export function stationaryDeviation(values: ArrayLike<number>, mean: number, meanBlock: number): number {
  const n = values.length;
  const stay = 1 - 1 / meanBlock;
  let variance = 0;
  for (let lag = 0; lag < n; lag++) {
    const weight = lag === 0 ? 1 : 2 * (((n - lag) / n) * pow(stay, lag) + (lag / n) * pow(stay, n - lag));
    if (weight < 1e-12) continue;
    let sum = 0;
    for (let i = 0; i + lag < n; i++) sum += (values[i]! - mean) * (values[i + lag]! - mean);
    variance += (weight * sum) / n;
  }
  return Math.sqrt(Math.max(0, variance) / n);
}
