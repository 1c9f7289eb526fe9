import { missingNaN, missingZero } from '../constants.ts';
import type { BinnedColumn } from '../data.ts';
import type { SplitRule } from './partition-rows.ts';

/** `partitionRows` by bins: what is at most the threshold is in the threshold's bin or one before it. */
export function partitionBins(
  { bins, mapper }: BinnedColumn,
  rule: SplitRule,
  rows: Uint32Array | null,
  from: number,
  to: number,
  out: Uint32Array,
): number {
  const { missing, threshold, defaultLeft } = rule;
  const last = binOfThreshold(mapper.upperBounds, threshold);
  // rows without a value have a bin of their own; where NaN counts as zero, they are in that of zero
  const special =
    missing === missingNaN ? mapper.upperBounds.length - 1 : missing === missingZero ? mapper.defaultBin : -1;
  const specialLeft = defaultLeft ? 1 : 0;
  let left = from;
  let right = to - 1;
  // one loop a kind: the usual ones look nothing up twice
  if (rows)
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const bin = bins[row]!;
      const isSpecial = Number(bin === special);
      const goes = (isSpecial & specialLeft) | ((1 - isSpecial) & Number(bin <= last));
      out[left] = row;
      out[right] = row;
      left += goes;
      right += goes - 1;
    }
  else
    for (let i = from; i < to; i++) {
      const bin = bins[i]!;
      const isSpecial = Number(bin === special);
      const goes = (isSpecial & specialLeft) | ((1 - isSpecial) & Number(bin <= last));
      out[left] = i;
      out[right] = i;
      left += goes;
      right += goes - 1;
    }
  return left - from;
}

/** The bin whose upper bound a threshold is. */
function binOfThreshold(upperBounds: Float64Array, threshold: number): number {
  let low = 0;
  let high = upperBounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    // false for the NaN that may stand at the end
    if (upperBounds[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  if (upperBounds[low] !== threshold)
    throw new Error(`no bin ends at ${threshold}: these bins are not those that the tree was grown on`);
  return low;
}
