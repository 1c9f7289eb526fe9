import { nextUp } from './next-up.ts';

/** Distinct values, ascending, with their counts; zero stands between the signs. Values one ulp apart are one, the larger. */
export function distinct(
  sorted: Float32Array | Float64Array,
  zeroRows: number,
): { values: Float64Array; counts: Float64Array } {
  const n = sorted.length;
  const values = new Float64Array(n + 2);
  const counts = new Float64Array(n + 2);
  if (n === 0) counts[0] = zeroRows;
  let last = n === 0 ? 0 : -1;
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
      if (value > 0 && (before < 0 || (i === 0 && zeroRows > 0))) counts[++last] = zeroRows;
      count = 0;
    }
    before = value;
    count++;
  }
  if (count > 0) {
    values[++last] = before;
    counts[last] = count;
  }
  if (before < 0 && zeroRows > 0) counts[++last] = zeroRows;
  return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}
