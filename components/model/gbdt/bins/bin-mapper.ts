import { type MissingType, missingNaN } from '../constants.ts';

/**
 * How the values of one feature map to bins. Numerical: bin b holds `upperBounds[b - 1] < value <= upperBounds[b]`. Categorical: bin b holds the
 * category `categories[b]`, and bin 0 all others, negative numbers and NaN.
 */
export interface BinMapper {
  readonly kind: 'numerical' | 'categorical';
  readonly bins: number;
  /** One a bin; the last is +Infinity, followed by NaN where `missing` is missingNaN (the bin of NaN). Empty for categories. */
  readonly upperBounds: Float64Array;
  /** The category of each bin, most frequent first, after -1 for bin 0. Empty for numbers. */
  readonly categories: Int32Array;
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

/** The bin of a value; NaN counts as 0 where a numerical feature has no NaN bin. */
export function binOf(mapper: BinMapper, value: number): number {
  const { kind, upperBounds, missing } = mapper;
  if (kind === 'categorical') return Math.max(0, mapper.categories.indexOf(categoryOf(value), 1));
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

/** `binOf` for many values: categories are looked up in a table. */
export function binFinder(mapper: BinMapper): (value: number) => number {
  if (mapper.kind === 'numerical') return (value) => binOf(mapper, value);
  const bins = new Map<number, number>();
  for (let bin = 1; bin < mapper.bins; bin++) bins.set(mapper.categories[bin]!, bin);
  return (value) => bins.get(categoryOf(value)) ?? 0;
}

/** The category that a value names: its whole part, as C casts to int; -2 for none, which no bin holds. */
export function categoryOf(value: number): number {
  const category = Math.trunc(value);
  return category >= 0 && category < 2 ** 31 ? Math.abs(category) : -2;
}
