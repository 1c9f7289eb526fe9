import type { FeatureColumn } from '../gbdt/index.ts';
import type { Binning } from '../hist/layout.ts';
import { Heap } from './heap.ts';

/** Stands below all numbers: only missing values are not above it. */
export const missingBorder = -3.4028234663852886e38;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly score: number;
}

/**
 * Borders of a numerical feature by CatBoost's GreedyLogSum: bins are split at the value next to their middle, the one first whose split raises the
 * sum of log counts most. `sample`: the rows that
 * count, null for all. A feature with missing values has `missingBorder` as its first. Source: catboost library/cpp/grid_creator/binarization.cpp.
 */
export function findBorders(
  column: FeatureColumn,
  length: number,
  sample: Uint32Array | null,
  most: number,
): Float32Array {
  const { sorted, missing } = sortedSample(column, length, sample);
  const first = missing ? [missingBorder] : [];
  const bins = splitBins(sorted, most - first.length);
  const borders = bins
    .map((bin) => bin.from)
    .filter((from) => from > 0)
    .sort((a, b) => a - b)
    .map((from) => Math.fround(0.5 * Math.fround(sorted[from - 1]! + sorted[from]!)));
  return Float32Array.from([...first, ...new Set(borders)]);
}

function sortedSample({ values, rows }: FeatureColumn, length: number, sample: Uint32Array | null) {
  const sampled = new Float32Array(sample?.length ?? length);
  let count = 0;
  for (let i = 0; i < sampled.length; i++) {
    const row = sample ? sample[i]! : i;
    const x = values[rows ? rows[row]! : row]!;
    if (!Number.isNaN(x)) sampled[count++] = x;
  }
  let missing = count < sampled.length;
  for (let i = 0; i < length && !missing; i++) missing = Number.isNaN(values[rows ? rows[i]! : i]!);
  return { sorted: sampled.subarray(0, count).sort(), missing };
}

function splitBins(sorted: Float32Array, most: number): Bin[] {
  if (sorted.length === 0) return [];
  const bins = new Heap<Bin>((a, b) => a.score < b.score);
  bins.push(makeBin(sorted, 0, sorted.length));
  while (bins.items.length <= most && bins.items[0]!.score > Number.NEGATIVE_INFINITY) {
    const { from, at, to } = bins.pop()!;
    bins.push(makeBin(sorted, from, at));
    bins.push(makeBin(sorted, at, to));
  }
  return bins.items;
}

function makeBin(sorted: Float32Array, from: number, to: number): Bin {
  const middle = from + Math.floor((to - from) / 2);
  const value = sorted[middle]!;
  let low = middle;
  while (low > from && sorted[low - 1] === value) low--;
  let high = middle;
  while (high < to && sorted[high] === value) high++;
  const score = (at: number) =>
    at === from || at === to
      ? Number.NEGATIVE_INFINITY
      : logOf(at - from) + logOf(to - at) - logOf(to - from);
  const at = score(low) >= score(high) ? low : high;
  return { from, to, at, score: score(at) };
}

function logOf(count: number): number {
  return Math.log(count + 1e-8);
}

/** How a feature's values find their bins: missing ones have the first. */
export function binningOf(borders: Float32Array): Binning {
  return { thresholds: borders, reaches: false, missing: 0, bins: borders.length + 1 };
}
