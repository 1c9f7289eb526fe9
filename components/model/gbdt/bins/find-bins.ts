import { type MissingType, missingNaN, missingNone, missingZero, sparseThreshold } from '../constants.ts';
import { type BinMapper, binOf } from './bin-mapper.ts';
import { nextUp } from './next-up.ts';
import { binsAroundZero } from './zero-bin.ts';

export interface BinRules {
  readonly maxBin: number;
  readonly minDataInBin: number;
  readonly useMissing: boolean;
  readonly zeroAsMissing: boolean;
  /** A feature is trivial where no bound leaves this many sampled rows on both sides; null: keep all. */
  readonly minSplitRows: number | null;
}

/** A column's sample: sorted values without NaN and zeros, and how many NaN and rows there are in all. */
export interface ColumnSample {
  readonly sorted: Float32Array | Float64Array;
  readonly nanRows: number;
  readonly rows: number;
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
  const { values, counts } = distinct(sorted, rows - sorted.length - (ofNaN ? nanRows : 0));
  const bounds = binsAroundZero(
    values,
    counts,
    ofNaN ? rules.maxBin - 1 : rules.maxBin,
    ofNaN ? rows - nanRows : rows,
    rules.minDataInBin,
  );
  if (missing === missingZero && bounds.length === 2) missing = missingNone;
  if (ofNaN) bounds.push(Number.NaN);
  const upperBounds = Float64Array.from(bounds);
  const inBin = rowsInBins(values, counts, upperBounds);
  if (ofNaN) inBin[inBin.length - 1] = nanRows;
  const trivial =
    upperBounds.length <= 1 || (rules.minSplitRows !== null && !splittable(inBin, rows, rules.minSplitRows));
  const mapper: BinMapper = {
    kind: 'numerical',
    upperBounds,
    missing,
    defaultBin: 0,
    mostFrequentBin: 0,
    trivial,
    min: values[0]!,
    max: values.at(-1)!,
  };
  if (trivial) return mapper;
  const defaultBin = binOf(mapper, 0);
  let mostFrequentBin = inBin.indexOf(inBin.reduce((a, b) => Math.max(a, b)));
  if (mostFrequentBin !== defaultBin && inBin[mostFrequentBin]! / rows < sparseThreshold)
    mostFrequentBin = defaultBin;
  return { ...mapper, defaultBin, mostFrequentBin };
}

function missingOf({ useMissing, zeroAsMissing }: BinRules, nanRows: number): MissingType {
  if (!useMissing) return missingNone;
  if (zeroAsMissing) return missingZero;
  return nanRows > 0 ? missingNaN : missingNone;
}

/** Distinct values with their counts; zero stands between the signs. Values one ulp apart are one, the larger. */
function distinct(sorted: Float32Array | Float64Array, zeroRows: number) {
  const n = sorted.length;
  const values = new Float64Array(n + 2);
  const counts = new Float64Array(n + 2);
  let last = -1;
  const add = (value: number, count: number) => {
    values[++last] = value;
    counts[last] = count;
  };
  if (n === 0 || (sorted[0]! > 0 && zeroRows > 0)) add(0, zeroRows);
  if (n > 0) add(sorted[0]!, 1);
  const single = sorted instanceof Float32Array;
  for (let i = 1; i < n; i++) {
    const before = sorted[i - 1]!;
    const value = sorted[i]!;
    if (value === before || (!single && value <= nextUp(before))) {
      values[last] = value;
      counts[last]!++;
      continue;
    }
    if (before < 0 && value > 0) add(0, zeroRows);
    add(value, 1);
  }
  if (n > 0 && sorted[n - 1]! < 0 && zeroRows > 0) add(0, zeroRows);
  return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
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
