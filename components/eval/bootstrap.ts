import { blockLength } from './block-length.ts';

export interface BootstrapOptions {
  /** Default 1000, fewer (at least 100) for series so long that more than some million blocks would be drawn. */
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
  readonly resamples: number;
}

const mostBlocks = 4e6;

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
  { resamples: wanted, meanBlock, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interval {
  const values = Float64Array.from(series).filter((x) => !Number.isNaN(x));
  const n = values.length;
  if (n < 2) return { low: Number.NaN, high: Number.NaN, meanBlock: Number.NaN, resamples: 0 };
  const length = Math.max(1, meanBlock ?? blockLength(values));
  const resamples = wanted ?? Math.round(Math.min(1000, Math.max(100, (mostBlocks * length) / n)));
  const { sums, squares, mean } = runningSums(values);
  const next = randomIntegers(seed);
  const figures = new Float64Array(resamples);
  const limits = lengthLimits(length, n);
  for (let b = 0; b < resamples; b++) {
    let [sum, square] = [0, 0];
    for (let left = n; left > 0; ) {
      const from = Math.floor((next() / 4294967296) * n);
      let size = 1;
      if (length > 1) for (const drawn = next(); size < left && drawn < limits.below(size); ) size++;
      sum += sums[from + size]! - sums[from]!;
      square += squares[from + size]! - squares[from]!;
      left -= size;
    }
    const variance = Math.max(0, (square - (sum * sum) / n) / (n - 1));
    figures[b] = figure(mean + sum / n, Math.sqrt(variance));
  }
  const sorted = figures.filter((x) => !Number.isNaN(x)).sort();
  return {
    low: at(sorted, (1 - level) / 2),
    high: at(sorted, (1 + level) / 2),
    meanBlock: length,
    resamples,
  };
}

/**
 * Lengths of blocks are geometric, P(L > l) = (1 - 1/length)^l: of a whole number u below 2^32 they are 1 + floor(log((u + 0.5) / 2^32) / log(1 - 1/length)).
 * The length is above l for u below a limit, which is found once: looking up is faster than a logarithm a block.
 */
function lengthLimits(length: number, longest: number): { below(size: number): number } {
  const decay = Math.log(1 - 1 / length);
  const isAbove = (u: number, size: number) => Math.floor(Math.log((u + 0.5) / 4294967296) / decay) >= size;
  const known = new Float64Array(longest + 1).fill(Number.NaN);
  return {
    below(size) {
      if (Number.isNaN(known[size]!)) {
        let [low, high] = [0, 4294967296];
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          if (isAbove(middle, size)) low = middle + 1;
          else high = middle;
        }
        known[size] = low;
      }
      return known[size]!;
    },
  };
}

/** A quantile of sorted values, linear between neighbours. */
function at(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - below);
}

/** Sums of the distances to the mean, and of their squares, up to each place of the series twice over: a block costs two look-ups. */
function runningSums(values: Float64Array) {
  const n = values.length;
  let mean = 0;
  for (const x of values) mean += x / n;
  const sums = new Float64Array(2 * n + 1);
  const squares = new Float64Array(2 * n + 1);
  for (let i = 0; i < 2 * n; i++) {
    const d = values[i % n]! - mean;
    sums[i + 1] = sums[i]! + d;
    squares[i + 1] = squares[i]! + d * d;
  }
  return { sums, squares, mean };
}

/** Whole numbers below 2^32: splitmix32 (after Steele, Lea and Flood 2014). */
function randomIntegers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
