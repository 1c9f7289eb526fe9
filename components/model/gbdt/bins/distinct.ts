import { nextUp } from './next-up.ts';

/** Where distinct values and their counts are put, two more than values are given. */
export interface DistinctSpace {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Distinct values, ascending, with their counts; zero stands between the signs. Values one ulp apart are one, the larger. They are views of `space`,
 * which many columns can share.
 */
export function distinct(
  sorted: Float32Array | Float64Array,
  zeroRows: number,
  space?: DistinctSpace,
): DistinctSpace {
  const n = sorted.length;
  const { values, counts } = space ?? { values: new Float64Array(n + 2), counts: new Float64Array(n + 2) };
  let last = -1;
  const addZeros = () => {
    values[++last] = 0;
    counts[last] = zeroRows;
  };
  if (n === 0) addZeros();
  const single = sorted instanceof Float32Array;
  let [before, count] = [Number.NaN, 0];
  for (let i = 0; i < n; i++) {
    const value = sorted[i]!;
    if (value !== before && (single || !(value <= nextUp(before)))) {
      if (count > 0) {
        values[++last] = before;
        counts[last] = count;
      }
      // between the signs it stands even where no row is zero
      if (value > 0 && (before < 0 || (i === 0 && zeroRows > 0))) addZeros();
      count = 0;
    }
    before = value;
    count++;
  }
  if (count > 0) {
    values[++last] = before;
    counts[last] = count;
  }
  if (before < 0 && zeroRows > 0) addZeros();
  return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}
