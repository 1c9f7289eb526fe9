import { drawAssignment, fromScale, limits, rangeText, toScale } from './draw.ts';
import type { Random } from './random.ts';
import type { Assignment, Choice, Parameter, Range, ValueText } from './types.ts';

/** What is known of a set of values: its loss, smaller is better; NaN for one that failed. */
export interface Observation {
  readonly assignment: Assignment;
  readonly loss: number;
}

export interface TpeOptions {
  readonly parameters: readonly Parameter[];
  readonly observations: readonly Observation[];
  readonly random: Random;
  /** Drawn at random before the first model. */
  readonly startup: number;
  /** Candidates that are drawn for each parameter. */
  readonly candidates?: number;
}

/**
 * The next set of values by the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011, "Algorithms for
 * hyper-parameter optimization"). Observations are split at the γ quantile of their losses, the best min(⌈0.1 n⌉, 25), as Optuna does: with hyperopt's ⌈0.25 √n⌉ too few are left to learn from. For each
 * parameter densities l of the good and g of the bad ones are made, truncated Gaussians around each value and a prior, and of
 * candidates drawn from l the one with the greatest l/g is taken. Widths are the distance to the farther neighbour, at least
 * range/min(100, n + 2), as in the paper's reference program hyperopt. Parameters are seen as independent. Failed points count as bad.
 */
export function suggestTpe({
  parameters,
  observations,
  random,
  startup,
  candidates = 24,
}: TpeOptions): Assignment {
  if (observations.length < startup) return drawAssignment(parameters, random);
  const sorted = observations
    .map((o, i) => ({ ...o, i, loss: Number.isNaN(o.loss) ? Number.POSITIVE_INFINITY : o.loss }))
    .sort((a, b) => (a.loss === b.loss ? a.i - b.i : a.loss - b.loss));
  const goodCount = Math.min(25, Math.max(1, Math.ceil(0.1 * sorted.length)));
  const good = sorted.slice(0, goodCount).filter((o) => Number.isFinite(o.loss));
  const bad = sorted.slice(goodCount);
  const chosen = new Map<string, ValueText>();
  for (const parameter of parameters) {
    const valuesOf = (list: readonly Observation[]) =>
      list.flatMap(({ assignment }) => assignment.get(parameter.key) ?? []);
    chosen.set(
      parameter.key,
      parameter.kind === 'choice'
        ? suggestChoice(parameter, valuesOf(good), valuesOf(bad), random, candidates)
        : suggestRange(parameter, valuesOf(good).map(Number), valuesOf(bad).map(Number), random, candidates),
    );
  }
  return chosen;
}

function suggestChoice(
  { values, probabilities }: Choice,
  good: readonly ValueText[],
  bad: readonly ValueText[],
  random: Random,
  candidates: number,
): ValueText {
  const total = probabilities?.reduce((a, b) => a + b, 0) ?? values.length;
  const density = (seen: readonly ValueText[]) => {
    const weights = values.map((value, i) => {
      const prior = (probabilities?.[i] ?? 1) / total;
      return values.length * prior + seen.filter((s) => s === value).length;
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / sum);
  };
  const [l, g] = [density(good), density(bad)];
  let best = 0;
  let bestRatio = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < candidates; c++) {
    let left = random.uniform();
    let i = 0;
    while (i < l.length - 1 && left >= l[i]!) left -= l[i++]!;
    const ratio = l[i]! / g[i]!;
    if (ratio > bestRatio) [best, bestRatio] = [i, ratio];
  }
  return values[best]!;
}

function suggestRange(
  parameter: Range,
  good: readonly number[],
  bad: readonly number[],
  random: Random,
  candidates: number,
): ValueText {
  const space = spaceOf(parameter);
  const scaled = (values: readonly number[]) =>
    values.map((v) => toScale(parameter, v)).filter(Number.isFinite);
  const l = parzen(scaled(good), space);
  const g = parzen(scaled(bad), space);
  let best = space.mean;
  let bestRatio = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < candidates; c++) {
    const x = drawParzen(l, space, random);
    const ratio = logDensity(l, space, x) - logDensity(g, space, x);
    if (ratio > bestRatio) [best, bestRatio] = [x, ratio];
  }
  return rangeText(parameter, fromScale(parameter, best));
}

interface Space {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly sigma: number;
}

function spaceOf(parameter: Range): Space {
  const { normal } = parameter;
  if (normal)
    return {
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      mean: normal.mu,
      sigma: normal.sigma,
    };
  const a = limits(parameter);
  const [low, high] = [Math.min(a.low, a.high), Math.max(a.low, a.high)];
  return { low, high, mean: (low + high) / 2, sigma: Math.max(high - low, 1e-12) };
}

interface Kernel {
  readonly mu: number;
  readonly sigma: number;
}

function parzen(values: readonly number[], { mean, sigma, low, high }: Space): Kernel[] {
  const sorted = [...values, mean].sort((a, b) => a - b);
  const smallest = sigma / Math.min(100, values.length + 2);
  const prior = sorted.indexOf(mean);
  return sorted.map((mu, i) => {
    if (i === prior) return { mu, sigma };
    const left = i > 0 ? mu - sorted[i - 1]! : Number.isFinite(low) ? mu - low : 0;
    const right = i + 1 < sorted.length ? sorted[i + 1]! - mu : Number.isFinite(high) ? high - mu : 0;
    return { mu, sigma: Math.min(sigma, Math.max(smallest, left, right)) };
  });
}

function drawParzen(kernels: readonly Kernel[], { low, high }: Space, random: Random): number {
  const { mu, sigma } = kernels[random.below(kernels.length)]!;
  for (let tries = 0; tries < 100; tries++) {
    const x = mu + sigma * random.normal();
    if (x >= low && x <= high) return x;
  }
  return Math.min(high, Math.max(low, mu));
}

function logDensity(kernels: readonly Kernel[], { low, high }: Space, x: number): number {
  let sum = 0;
  for (const { mu, sigma } of kernels) {
    const inside = normalCdf((high - mu) / sigma) - normalCdf((low - mu) / sigma);
    const z = (x - mu) / sigma;
    sum += Math.exp(-0.5 * z * z) / (sigma * Math.max(inside, 1e-12));
  }
  return Math.log(sum / kernels.length + 1e-300);
}

/** Φ by Abramowitz & Stegun 7.1.26; |error| < 1.5e-7, enough for the weights of kernels. */
function normalCdf(z: number): number {
  if (z === Number.POSITIVE_INFINITY) return 1;
  if (z === Number.NEGATIVE_INFINITY) return 0;
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? 0.5 * (1 - erf) : 0.5 * (1 + erf);
}
