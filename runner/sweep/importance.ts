import { growForest, type Leaf } from './forest.ts';
import { Random } from './random.ts';

export interface Importance {
  readonly key: string;
  /** Share of the variance that the parameter explains on its own. */
  readonly share: number;
  /** Rank correlation of value and metric; NaN where values have no order. */
  readonly correlation: number;
}

export interface ImportanceOptions {
  readonly keys: readonly string[];
  /** (trials) of values by key as YAML text; a parameter that was not active has none. */
  readonly trials: readonly ReadonlyMap<string, string>[];
  readonly values: readonly number[];
  readonly seed?: number;
}

/**
 * How much of a metric's variance each parameter explains: functional ANOVA of a random forest over the levels that were tried, each
 * as likely as the other. For each tree the main effect is the variance of its mean over all other parameters, exactly from the boxes
 * of its leaves; shares are those of the tree's whole variance, averaged over trees. What is missing to 1 are interactions.
 * Source: Hutter, Hoos and Leyton-Brown (2014), An efficient approach for assessing hyperparameter importance.
 */
export function parameterImportance({ keys, trials, values, seed = 0 }: ImportanceOptions): Importance[] {
  const levels = keys.map((key) => levelsOf(trials.map((trial) => trial.get(key))));
  const rows = trials.map((trial) =>
    Int32Array.from(keys, (key, j) => levels[j]!.indexOf(trial.get(key) ?? '')),
  );
  const counts = levels.map((list) => list.length);
  const forest = growForest({ rows, values, levels: counts, random: new Random(seed) });
  const shares = new Float64Array(keys.length);
  let trees = 0;
  for (const leaves of forest) {
    const { total, main } = variances(leaves, counts);
    if (!(total > 0)) continue;
    trees++;
    for (let j = 0; j < keys.length; j++) shares[j]! += main[j]! / total;
  }
  return keys
    .map((key, j) => ({
      key,
      share: trees === 0 ? 0 : shares[j]! / trees,
      correlation: rankCorrelation(
        trials.map((trial) => Number(trial.get(key) ?? Number.NaN)),
        values,
      ),
    }))
    .sort((a, b) => b.share - a.share);
}

/** Numbers by size, then texts; the empty text stands for not active. */
function levelsOf(texts: readonly (string | undefined)[]): string[] {
  const distinct = [...new Set(texts.map((text) => text ?? ''))];
  const number = (text: string) => (text === '' ? Number.NEGATIVE_INFINITY : Number(text));
  return distinct.sort((a, b) => {
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? (a < b ? -1 : 1) : x - y;
  });
}

/** Variance of a tree over all levels, and of its mean at each level of one feature. */
function variances(
  leaves: readonly Leaf[],
  levels: readonly number[],
): { total: number; main: Float64Array } {
  const share = ({ low, high }: Leaf, but?: number) =>
    levels.reduce((p, n, j) => (j === but ? p : (p * (high[j]! - low[j]!)) / n), 1);
  const mean = leaves.reduce((s, leaf) => s + leaf.value * share(leaf), 0);
  const total = leaves.reduce((s, leaf) => s + (leaf.value - mean) ** 2 * share(leaf), 0);
  const main = new Float64Array(levels.length);
  for (const [j, n] of levels.entries()) {
    const effect = new Float64Array(n);
    for (const leaf of leaves) {
      const weight = leaf.value * share(leaf, j);
      for (let level = leaf.low[j]!; level < leaf.high[j]!; level++) effect[level]! += weight;
    }
    main[j] = effect.reduce((s, e) => s + (e - mean) ** 2 / n, 0);
  }
  return { total, main };
}

/** Spearman's, ties sharing their mean rank. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const pairs = x.flatMap((value, i) =>
    Number.isNaN(value) || Number.isNaN(y[i]!) ? [] : [[value, y[i]!] as const],
  );
  if (pairs.length < 2) return Number.NaN;
  const [a, b] = [ranks(pairs.map((p) => p[0])), ranks(pairs.map((p) => p[1]))];
  const mean = (pairs.length + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, r] of a.entries()) {
    ab += (r - mean) * (b[i]! - mean);
    aa += (r - mean) ** 2;
    bb += (b[i]! - mean) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((p, q) => p - q);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}
