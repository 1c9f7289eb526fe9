import { type CatRandom, partRandom } from './random.ts';

/** What scores depend on. */
export interface ScoreRules {
  readonly cosine: boolean;
  /** Added to a leaf's weight. */
  readonly l2: number;
  /** Standard deviation of the noise on scores. */
  readonly noise: number;
}

/** A border and its score, without noise. */
export interface ScoredSplit {
  readonly feature: number;
  /** Rows of bins up to this one go left. */
  readonly bin: number;
  readonly score: number;
}

/**
 * How well leaf values v = g / (w + l2) fit the gradients when each leaf is split at a border: `L2` sum(v g), `Cosine` sum(v g) / sqrt(sum(v^2 w)). Normal
 * noise decides which border of the features wins; of equal ones the first. `histograms` hold (gradient, weight) a bin, one histogram a leaf, `starts` the
 * features' first bins. Null where no border is there. Source: catboost private/libs/algo/score_calcers.h, leafwise_scoring.cpp, tensor_search_helpers.cpp.
 */
export function bestSplitOf(
  features: readonly number[],
  histograms: readonly Float64Array[],
  starts: Int32Array,
  random: CatRandom,
  { cosine, l2, noise }: ScoreRules,
): ScoredSplit | null {
  let best: ScoredSplit | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const feature of features) {
    const start = 2 * starts[feature]!;
    const end = 2 * starts[feature + 1]!;
    const fit = new Float64Array((end - start) / 2 - 1);
    const norm = new Float64Array(fit.length).fill(1e-100);
    for (const histogram of histograms) addLeaf(histogram, start, end, l2, fit, norm);
    for (let bin = 0; bin < fit.length; bin++) {
      const score = cosine ? fit[bin]! / Math.sqrt(norm[bin]!) : fit[bin]!;
      const noisy = score + random.normal() * noise;
      if (!(noisy > most)) continue;
      most = noisy;
      best = { feature, bin, score };
    }
  }
  return best;
}

function addLeaf(
  histogram: Float64Array,
  start: number,
  end: number,
  l2: number,
  fit: Float64Array,
  norm: Float64Array,
): void {
  let gradient = 0;
  let weight = 0;
  for (let at = start; at < end; at += 2) {
    gradient += histogram[at]!;
    weight += histogram[at + 1]!;
  }
  let leftGradient = 0;
  let leftWeight = 0;
  for (let bin = 0; bin < fit.length; bin++) {
    const g = histogram[start + 2 * bin]!;
    const w = histogram[start + 2 * bin + 1]!;
    leftGradient += g;
    leftWeight += w;
    gradient -= g;
    weight -= w;
    const right = weight > 0 ? gradient * (1 / (weight + l2)) : 0;
    const left = leftWeight > 0 ? leftGradient * (1 / (leftWeight + l2)) : 0;
    fit[bin] = fit[bin]! + right * gradient + left * leftGradient;
    norm[bin] = norm[bin]! + right * right * weight + left * left * leftWeight;
  }
}

/** The score of a leaf that is not split. */
export function scoreUnsplit(
  histogram: Float64Array,
  bins: number,
  { cosine, l2 }: Pick<ScoreRules, 'cosine' | 'l2'>,
): number {
  let gradient = 0;
  let weight = 0;
  for (let at = 0; at < 2 * bins; at += 2) {
    gradient += histogram[at]!;
    weight += histogram[at + 1]!;
  }
  const value = weight > 0 ? gradient * (1 / (weight + l2)) : 0;
  const fit = value * gradient;
  return cosine ? fit / Math.sqrt(1e-100 + value * value * weight) : fit;
}

/** The generator of a candidate's noise: the k-th of those that compete. */
export function noiseRandom(seed: readonly [number, number], k: number): CatRandom {
  return partRandom(seed, k);
}
