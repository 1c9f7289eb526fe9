import { type MissingType, missingNaN, missingNone, missingZero, sparseThreshold } from '../constants.ts';
import { type BinMapper, binOf } from './bin-mapper.ts';
import { type DistinctSpace, distinct } from './distinct.ts';
import { binsAroundForced } from './forced-bins.ts';
import { rowsUpTo } from './sorted-bins.ts';
import { binsAroundZero, sidesOfDistinct, sidesOfSorted } from './zero-bin.ts';

export interface BinRules {
  readonly maxBin: number;
  readonly minDataInBin: number;
  readonly useMissing: boolean;
  readonly zeroAsMissing: boolean;
  /** A feature is trivial where no bound leaves this many sampled rows on both sides; null: keep all. */
  readonly minSplitRows: number | null;
  /** Bounds that bins must have. */
  readonly forced?: readonly number[];
}

/** A column's sample: sorted values without NaN and zeros, and how many NaN and rows there are in all. */
export interface ColumnSample {
  readonly sorted: Float32Array | Float64Array;
  readonly nanRows: number;
  readonly rows: number;
  /** Working memory; made where there is none. */
  readonly space?: DistinctSpace;
}

/**
 * Bins of a numerical feature from a sample of its values. Source: LightGBM `BinMapper::FindBin` (src/io/bin.cpp), which also
 * says when a feature is trivial and which bin is left out of histogram sums.
 */
export function findBins(sample: ColumnSample, rules: BinRules): BinMapper {
  const { sorted, nanRows, rows } = sample;
  let missing = missingOf(rules, nanRows);
  const ofNaN = missing === missingNaN;
  // where NaN has no bin of its own it counts as zero
  const zeroRows = rows - sorted.length - (ofNaN ? nanRows : 0);
  const most = ofNaN ? rules.maxBin - 1 : rules.maxBin;
  const total = ofNaN ? rows - nanRows : rows;
  const { min, max, bounds, rowsIn } =
    sorted instanceof Float32Array && !rules.forced?.length
      ? boundsOfSorted({ ...sample, sorted }, zeroRows, rules, most, total)
      : boundsOfDistinct(sample, zeroRows, rules, most, total);
  if (missing === missingZero && bounds.length === 2) missing = missingNone;
  if (ofNaN) bounds.push(Number.NaN);
  const upperBounds = Float64Array.from(bounds);
  const inBin = rowsIn(upperBounds);
  if (ofNaN) inBin[inBin.length - 1] = nanRows;
  const trivial =
    upperBounds.length <= 1 || (rules.minSplitRows !== null && !splittable(inBin, rows, rules.minSplitRows));
  const mapper: BinMapper = {
    kind: 'numerical',
    bins: upperBounds.length,
    upperBounds,
    categories: new Int32Array(0),
    missing,
    defaultBin: 0,
    mostFrequentBin: 0,
    trivial,
    min,
    max,
  };
  if (trivial) return mapper;
  const defaultBin = binOf(mapper, 0);
  let mostFrequentBin = inBin.indexOf(inBin.reduce((a, b) => Math.max(a, b)));
  if (mostFrequentBin !== defaultBin && inBin[mostFrequentBin]! / rows < sparseThreshold)
    mostFrequentBin = defaultBin;
  return { ...mapper, defaultBin, mostFrequentBin };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly bounds: number[];
  rowsIn(upperBounds: Float64Array): number[];
}

function boundsOfDistinct(
  { sorted, space }: ColumnSample,
  zeroRows: number,
  { minDataInBin, forced = [] }: BinRules,
  most: number,
  total: number,
): Bounds {
  const { values, counts } = distinct(sorted, zeroRows, space);
  return {
    min: values[0]!,
    max: values.at(-1)!,
    bounds:
      forced.length > 0
        ? binsAroundForced(values, counts, most, total, minDataInBin, forced)
        : binsAroundZero(sidesOfDistinct({ values, counts }, minDataInBin), most, total),
    rowsIn: (upperBounds) => rowsInBins(values, counts, upperBounds),
  };
}

/** The same of values whose equals need not be counted first. */
function boundsOfSorted(
  { sorted, space }: ColumnSample & { readonly sorted: Float32Array },
  zeroRows: number,
  { minDataInBin }: BinRules,
  most: number,
  total: number,
): Bounds {
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  return {
    min: zeroRows > 0 ? Math.min(first, 0) : first,
    max: zeroRows > 0 ? Math.max(last, 0) : last,
    bounds: binsAroundZero(sidesOfSorted(sorted, zeroRows, minDataInBin, space), most, total),
    rowsIn(upperBounds) {
      const inBin: number[] = [];
      let before = 0;
      upperBounds.forEach((bound, bin) => {
        const to = bin + 1 < upperBounds.length ? rowsUpTo(sorted, bound) : sorted.length;
        inBin.push(to - before);
        before = to;
      });
      const zeroBin = upperBounds.findIndex((bound) => bound >= 0);
      inBin[zeroBin]! += zeroRows;
      return inBin;
    },
  };
}

function missingOf({ useMissing, zeroAsMissing }: BinRules, nanRows: number): MissingType {
  if (!useMissing) return missingNone;
  if (zeroAsMissing) return missingZero;
  return nanRows > 0 ? missingNaN : missingNone;
}

function rowsInBins(values: Float64Array, counts: Float64Array, upperBounds: Float64Array): number[] {
  const inBin = new Array<number>(upperBounds.length).fill(0);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < upperBounds.length - 1 && values[i]! > upperBounds[bin]!) bin++;
    inBin[bin]! += counts[i]!;
  }
  return inBin;
}

function splittable(inBin: readonly number[], rows: number, least: number): boolean {
  let left = 0;
  for (let i = 0; i < inBin.length - 1; i++) {
    left += inBin[i]!;
    if (left >= least && rows - left >= least) return true;
  }
  return false;
}
