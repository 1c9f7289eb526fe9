import { type MissingType, missingNaN } from '../constants.ts';

/** How the values of one numerical feature map to bins: bin b holds `upperBounds[b - 1] < value <= upperBounds[b]`. */
export interface BinMapper {
  readonly kind: 'numerical';
  /** One a bin; the last is +Infinity, followed by NaN where `missing` is missingNaN (the bin of NaN). */
  readonly upperBounds: Float64Array;
  readonly missing: MissingType;
  /** Bin of the value 0. */
  readonly defaultBin: number;
  /** The bin whose histogram entry is what the others leave of the leaf's sum. */
  readonly mostFrequentBin: number;
  /** Only one bin, or no split could leave enough rows on both sides: the feature is not used. */
  readonly trivial: boolean;
  /** Range of the sample, for `feature_infos` of the model file. */
  readonly min: number;
  readonly max: number;
}

/** The bin of a value; NaN counts as 0 where the feature has no NaN bin. */
export function binOf({ upperBounds, missing }: BinMapper, value: number): number {
  const last = upperBounds.length - 1;
  if (Number.isNaN(value)) {
    if (missing === missingNaN) return last;
    value = 0;
  }
  let low = 0;
  let high = missing === missingNaN ? last - 1 : last;
  while (low < high) {
    const middle = (low + high - 1) >> 1;
    if (value <= upperBounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
