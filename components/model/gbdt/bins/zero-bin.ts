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
  let negativeRows = 0;
  let zeroRows = 0;
  let positiveRows = 0;
  let firstNotNegative = values.length;
  let firstPositive = values.length;
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i]!;
    if (value <= -zeroThreshold) negativeRows += counts[i]!;
    else if (value > zeroThreshold) positiveRows += counts[i]!;
    else zeroRows += counts[i]!;
    if (value > -zeroThreshold) firstNotNegative = i;
    if (value > zeroThreshold) firstPositive = i;
  }
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
