import type { Random } from './random.ts';

/** A box of a tree with its value; `low` and `high` are levels of each feature, high excluded. */
export interface Leaf {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly value: number;
}

export interface ForestOptions {
  /** (rows) of (features): levels 0 .. levels[j] - 1. */
  readonly rows: readonly Int32Array[];
  readonly values: readonly number[];
  readonly levels: readonly number[];
  readonly random: Random;
  readonly trees?: number;
}

const minSplit = 2;

/** Regression trees on bootstrap samples of rows, each split tried on every feature: Breiman (2001) with all features, as fANOVA takes it. */
export function growForest({ rows, values, levels, random, trees = 64 }: ForestOptions): Leaf[][] {
  return Array.from({ length: trees }, () => {
    const sample = rows.map(() => random.below(rows.length));
    const leaves: Leaf[] = [];
    const low = new Int32Array(levels.length);
    grow(sample, low, Int32Array.from(levels), leaves);
    return leaves;
  });

  function grow(sample: readonly number[], low: Int32Array, high: Int32Array, leaves: Leaf[]): void {
    const split = sample.length < minSplit ? undefined : bestSplit(sample, low, high);
    if (!split) {
      const sum = sample.reduce((s, row) => s + values[row]!, 0);
      leaves.push({ low, high, value: sum / sample.length });
      return;
    }
    const { feature, at } = split;
    const left = Int32Array.from(high);
    left[feature] = at;
    const right = Int32Array.from(low);
    right[feature] = at;
    grow(
      sample.filter((row) => rows[row]![feature]! < at),
      low,
      left,
      leaves,
    );
    grow(
      sample.filter((row) => rows[row]![feature]! >= at),
      right,
      high,
      leaves,
    );
  }

  /** The split that leaves the least squared error; undefined where none lessens it. */
  function bestSplit(
    sample: readonly number[],
    low: Int32Array,
    high: Int32Array,
  ): { feature: number; at: number } | undefined {
    const total = sample.reduce((s, row) => s + values[row]!, 0);
    let best: { feature: number; at: number } | undefined;
    let bestGain = (total * total) / sample.length + 1e-12 * (1 + Math.abs(total));
    for (let feature = 0; feature < levels.length; feature++) {
      const sums = new Float64Array(levels[feature]!);
      const counts = new Int32Array(levels[feature]!);
      for (const row of sample) {
        sums[rows[row]![feature]!]! += values[row]!;
        counts[rows[row]![feature]!]!++;
      }
      let [sum, count] = [0, 0];
      for (let at = low[feature]! + 1; at < high[feature]!; at++) {
        sum += sums[at - 1]!;
        count += counts[at - 1]!;
        const rest = sample.length - count;
        if (count === 0 || rest === 0) continue;
        const gain = (sum * sum) / count + (total - sum) ** 2 / rest;
        if (gain > bestGain) [best, bestGain] = [{ feature, at }, gain];
      }
    }
    return best;
  }
}
