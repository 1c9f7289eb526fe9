import { zeroThreshold } from '../constants.ts';
import { greedyBins } from './greedy-bins.ts';

/**
 * Upper bounds where zero has a bin of its own between the negative and the positive values, which share the other bins by
 * their row counts. Source: LightGBM `FindBinWithZeroAsOneBin` (src/io/bin.cpp).
 */
export function binsAroundZero(
  values: Float64Array,
  counts: Float64Array,
  maxBin: number,
  total: number,
  minDataInBin: number,
): number[] {
  const firstNotNegative = firstAbove(values, -zeroThreshold);
  const firstPositive = firstAbove(values, zeroThreshold);
  const negativeRows = sumOf(counts, 0, firstNotNegative);
  const zeroRows = sumOf(counts, firstNotNegative, firstPositive);
  const positiveRows = sumOf(counts, firstPositive, values.length);
  let bounds: number[] = [];
  if (firstNotNegative > 0 && maxBin > 1) {
    const share = Math.max(1, Math.trunc((negativeRows / (total - zeroRows)) * (maxBin - 1)));
    bounds = greedyBins(
      values.subarray(0, firstNotNegative),
      counts.subarray(0, firstNotNegative),
      share,
      negativeRows,
      minDataInBin,
    );
    bounds[bounds.length - 1] = -zeroThreshold;
  }
  const rest = maxBin - 1 - bounds.length;
  if (firstPositive < values.length && rest > 0) {
    bounds.push(zeroThreshold);
    bounds.push(
      ...greedyBins(
        values.subarray(firstPositive),
        counts.subarray(firstPositive),
        rest,
        positiveRows,
        minDataInBin,
      ),
    );
  } else bounds.push(Number.POSITIVE_INFINITY);
  return bounds;
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
