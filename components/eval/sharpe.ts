import { pow } from '../core/power.ts';
import { normalProbability, normalQuantile } from './normal.ts';

/** What the Sharpe ratio of a series of returns says about itself. Ratios are per step, not a year. */
export interface SharpeSample {
  /** mean / sample standard deviation; NaN for fewer than two returns, and where all are the same. */
  readonly ratio: number;
  /** Number of returns. */
  readonly count: number;
  /** Third standardised moment, population form. */
  readonly skewness: number;
  /** Fourth standardised moment, population form; 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Sharpe ratio per step of the returns that are there (NaN left out), with the moments that its error depends on. */
export function sharpeSample(returns: ArrayLike<number>): SharpeSample {
  const present = Float64Array.from(returns).filter((x) => !Number.isNaN(x));
  const count = present.length;
  let mean = 0;
  for (const x of present) mean += x / count;
  let [second, third, fourth] = [0, 0, 0];
  for (const x of present) {
    const d = x - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  const variance = second / count;
  // constant returns leave rounding errors where the deviation should be 0
  const isConstant = !(Math.sqrt(variance) > 1e-14 * Math.abs(mean));
  if (count < 2 || isConstant)
    return { ratio: Number.NaN, count, skewness: Number.NaN, kurtosis: Number.NaN };
  return {
    ratio: mean / Math.sqrt(second / (count - 1)),
    count,
    skewness: third / count / pow(variance, 1.5),
    kurtosis: fourth / count / variance ** 2,
  };
}

/** (1 - γ₃ SR + (γ₄ - 1)/4 SR²): the variance of an estimated Sharpe ratio times (n - 1), for returns that need not be normal. */
function errorFactor({ ratio, skewness, kurtosis }: SharpeSample): number {
  return 1 - skewness * ratio + ((kurtosis - 1) / 4) * ratio * ratio;
}

/**
 * Standard error of a Sharpe ratio per step: √((1 - γ₃ SR + (γ₄ - 1)/4 SR²) / (n - 1)).
 * Source: Mertens (2002), Comments on variance of the IID estimator in Lo; in the form of Bailey and López de Prado (2012).
 */
export function sharpeError(sample: SharpeSample): number {
  return Math.sqrt(errorFactor(sample) / (sample.count - 1));
}

/**
 * Probabilistic Sharpe ratio: the probability that the true ratio lies above `threshold` (per step), Φ((SR - SR*) / error).
 * Source: Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2).
 */
export function probabilisticSharpe(sample: SharpeSample, threshold = 0): number {
  return normalProbability((sample.ratio - threshold) / sharpeError(sample));
}

/**
 * Minimum track record length: the number of returns from which on the ratio is above `threshold` with the given confidence,
 * 1 + (1 - γ₃ SR + (γ₄ - 1)/4 SR²) (z / (SR - SR*))². Infinite where the ratio is not above the threshold at all.
 * Source: Bailey and López de Prado (2012).
 */
export function minTrackRecord(sample: SharpeSample, threshold = 0, confidence = 0.95): number {
  if (Number.isNaN(sample.ratio)) return Number.NaN;
  if (sample.ratio <= threshold) return Number.POSITIVE_INFINITY;
  return 1 + errorFactor(sample) * (normalQuantile(confidence) / (sample.ratio - threshold)) ** 2;
}

const eulerGamma = 0.5772156649015329;

/**
 * The greatest Sharpe ratio to be expected of `trials` strategies without any skill, whose ratios (per step) have variance `variance`:
 * √V ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))), γ being Euler's constant. 0 for a single trial.
 * Source: Bailey and López de Prado (2014), The deflated Sharpe ratio, Journal of Portfolio Management 40(5).
 */
export function expectedMaxSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0;
  const first = -normalQuantile(1 / trials);
  const second = -normalQuantile(1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - eulerGamma) * first + eulerGamma * second);
}

/**
 * Deflated Sharpe ratio: the probability that the true ratio lies above what the best of all trials would have shown by luck alone. With one
 * trial it is the probabilistic ratio against 0.
 * @param trials how many strategies were tried, this one included
 * @param variance of their ratios per step
 * Source: Bailey and López de Prado (2014).
 */
export function deflatedSharpe(
  sample: SharpeSample,
  { trials, variance }: { trials: number; variance: number },
): number {
  return probabilisticSharpe(sample, expectedMaxSharpe(trials, variance));
}
