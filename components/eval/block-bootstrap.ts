import { quantile } from '../core/stats.ts';

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
  /** Days that are drawn together; default the cube root of their number, rounded. */
  readonly blockLength?: number;
  /** Share of resampled means inside of the interval; default 0.95. */
  readonly level?: number;
}

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
  readonly blockLength: number;
}

/**
 * Percentile interval of the mean of a series by the circular block bootstrap: blocks of consecutive values are drawn with replacement, wrapping at the
 * end, so that what follows one another stays together. Given the differences of two series day by day, it is the paired bootstrap of their means.
 * NaN for an empty series; none may be among the values. Equal seeds give equal intervals.
 * Source: Politis and Romano, A circular block-resampling procedure for stationary data (1992).
 */
export function blockBootstrap(
  values: Float64Array,
  {
    samples,
    seed,
    blockLength = Math.max(1, Math.round(Math.cbrt(values.length))),
    level = 0.95,
  }: BootstrapOptions,
): BootstrapInterval {
  const n = values.length;
  if (n === 0) return { low: Number.NaN, high: Number.NaN, blockLength };
  const sums = blockSums(values, blockLength);
  const random = uniform(seed);
  const whole = Math.floor(n / blockLength);
  const rest = n - whole * blockLength;
  const restSums = rest > 0 ? blockSums(values, rest) : sums;
  const means = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    let sum = 0;
    for (let b = 0; b < whole; b++) sum += sums[Math.floor(random() * n)]!;
    if (rest > 0) sum += restSums[Math.floor(random() * n)]!;
    means[s] = sum / n;
  }
  return {
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
    blockLength,
  };
}

/** Sum of the block that begins at each place. */
function blockSums(values: Float64Array, length: number): Float64Array {
  const n = values.length;
  return Float64Array.from(values, (_, i) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += values[(i + k) % n]!;
    return sum;
  });
}

/** Uniform in [0, 1), from 32 bits of state (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
