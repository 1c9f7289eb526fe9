import { blockLength } from './block-length.ts';

export interface BootstrapOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Mean length of a block; default: chosen from the series, see `blockLength`. */
  readonly meanBlock?: number;
  /** Share of the resamples inside of the interval. Default 0.95. */
  readonly level?: number;
  readonly seed?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Mean length of the blocks. */
  readonly meanBlock: number;
}

/** A figure of a series that its mean and sample standard deviation decide. */
export type Figure = (mean: number, deviation: number) => number;

export const meanFigure: Figure = (mean) => mean;
export const ratioFigure: Figure = (mean, deviation) => mean / deviation;

/**
 * Confidence interval of a figure by the stationary bootstrap: a resample is made of blocks of neighbours, which begin anywhere and whose
 * lengths are geometric, the series being closed to a ring; the interval lies between quantiles of the resamples' figures. Unlike errors that take days for
 * independent, it keeps what neighbours have in common. NaN values are left out; NaN for fewer than two.
 * The same seed gives the same interval.
 * Source: Politis and Romano (1994), The stationary bootstrap, Journal of the American Statistical Association 89(428).
 */
export function bootstrapInterval(
  series: ArrayLike<number>,
  figure: Figure,
  { resamples = 1000, meanBlock, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interval {
  const values = Float64Array.from(series).filter((x) => !Number.isNaN(x));
  const n = values.length;
  if (n < 2) return { low: Number.NaN, high: Number.NaN, meanBlock: Number.NaN };
  const length = Math.max(1, meanBlock ?? blockLength(values));
  // sums about the mean: squares of returns are small beside their mean's
  let center = 0;
  for (const x of values) center += x / n;
  const uniform = uniforms(seed);
  const figures = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let [sum, squares, at] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      at = i === 0 || uniform() * length < 1 ? Math.floor(uniform() * n) : at + 1 === n ? 0 : at + 1;
      const d = values[at]! - center;
      sum += d;
      squares += d * d;
    }
    const variance = Math.max(0, (squares - (sum * sum) / n) / (n - 1));
    figures[b] = figure(center + sum / n, Math.sqrt(variance));
  }
  const sorted = figures.filter((x) => !Number.isNaN(x)).sort();
  return { low: at(sorted, (1 - level) / 2), high: at(sorted, (1 + level) / 2), meanBlock: length };
}

/** A quantile of sorted values, linear between neighbours. */
function at(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - below);
}

/** Uniform in [0, 1): splitmix32 (after Steele, Lea and Flood 2014). */
function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
}
