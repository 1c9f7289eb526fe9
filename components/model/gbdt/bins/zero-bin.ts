import { zeroThreshold } from '../constants.ts';
import type { DistinctSpace } from './distinct.ts';
import { greedyBins } from './greedy-bins.ts';
import { greedyBinsOfSorted, rowsUpTo } from './sorted-bins.ts';

/** Rows below and at zero, and the bins of either side of it; null where it has no row. */
export interface SidesOfZero {
  readonly negativeRows: number;
  readonly zeroRows: number;
  readonly negative: ((maxBin: number) => number[]) | null;
  readonly positive: ((maxBin: number) => number[]) | null;
}

/**
 * Upper bounds where zero has a bin of its own between the negative and the positive values, which share the other bins by
 * their row counts. Source: LightGBM `FindBinWithZeroAsOneBin` (src/io/bin.cpp).
 */
export function binsAroundZero(sides: SidesOfZero, maxBin: number, total: number): number[] {
  const { negativeRows, zeroRows, negative, positive } = sides;
  let bounds: number[] = [];
  if (negative && maxBin > 1) {
    const share = Math.max(1, Math.trunc((negativeRows / (total - zeroRows)) * (maxBin - 1)));
    bounds = negative(share);
    bounds[bounds.length - 1] = -zeroThreshold;
  }
  const rest = maxBin - 1 - bounds.length;
  if (positive && rest > 0) bounds.push(zeroThreshold, ...positive(rest));
  else bounds.push(Number.POSITIVE_INFINITY);
  return bounds;
}

/** Of distinct values with their counts. */
export function sidesOfDistinct({ values, counts }: DistinctSpace, minDataInBin: number): SidesOfZero {
  const firstNotNegative = firstAbove(values, -zeroThreshold);
  const firstPositive = firstAbove(values, zeroThreshold);
  const bins = (from: number, to: number) =>
    from === to
      ? null
      : (maxBin: number) =>
          greedyBins(
            values.subarray(from, to),
            counts.subarray(from, to),
            maxBin,
            sumOf(counts, from, to),
            minDataInBin,
          );
  return {
    negativeRows: sumOf(counts, 0, firstNotNegative),
    zeroRows: sumOf(counts, firstNotNegative, firstPositive),
    negative: bins(0, firstNotNegative),
    positive: bins(firstPositive, values.length),
  };
}

/** Of sorted values without zeros; `space` is working memory. */
export function sidesOfSorted(
  sorted: Float32Array,
  zeroRows: number,
  minDataInBin: number,
  space?: DistinctSpace,
): SidesOfZero {
  const negativeRows = rowsUpTo(sorted, 0);
  const bins = (side: Float32Array) =>
    side.length === 0 ? null : (maxBin: number) => greedyBinsOfSorted(side, maxBin, minDataInBin, space);
  return {
    negativeRows,
    zeroRows,
    negative: bins(sorted.subarray(0, negativeRows)),
    positive: bins(sorted.subarray(negativeRows)),
  };
}

/** Place of the first of the ascending values that is above the bound; their number where none is. */
function firstAbove(values: Float64Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sumOf(counts: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += counts[i]!;
  return sum;
}
