import type { ModelData, PredictOptions } from './booster.ts';
import type { Tree } from './tree/tree.ts';
import type { RowWalker } from './tree/walk.ts';

/** When a row needs no more trees. */
export interface StopRule {
  readonly frequency: number;
  readonly margin: number;
}

const inexact = ['binary', 'multiclass', 'multiclassova', 'lambdarank', 'rank_xendcg'];

/** The rule that `earlyStop` asks for; null where there is none, and for objectives whose predictions must be exact. */
export function stopRule({ objective }: ModelData, { earlyStop }: PredictOptions): StopRule | null {
  if (!earlyStop || !inexact.includes(objective?.split(' ')[0] ?? '')) return null;
  return { frequency: earlyStop.frequency ?? 10, margin: earlyStop.margin ?? 10 };
}

/**
 * Adds the leaf values of trees to the rows [from, to) of `out`, `width` numbers a row, iteration by iteration, only for rows that are not sure yet.
 * Source: LightGBM src/boosting/prediction_early_stop.cpp.
 */
export function walkUntilSure(
  trees: readonly Tree[],
  width: number,
  walker: RowWalker,
  from: number,
  to: number,
  { frequency, margin }: StopRule,
  out: Float64Array,
): void {
  let rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  for (const [t, tree] of trees.entries()) {
    const at = t % width;
    walker.walk(tree, rows, 0, rows.length, (leaf, list, begin, end) => {
      const value = tree.leafValue[leaf]!;
      for (let i = begin; i < end; i++) out[list[i]! * width + at]! += value;
    });
    if ((t + 1) % (frequency * width) !== 0) continue;
    rows = rows.filter((row) => !(marginOf(out.subarray(row * width, (row + 1) * width)) > margin));
  }
}

function marginOf(raw: Float64Array): number {
  if (raw.length === 1) return 2 * Math.abs(raw[0]!);
  const [first = 0, second = 0] = raw.toSorted().reverse();
  return first - second;
}
