import { nextUp } from './next-up.ts';

/** Distinct values, ascending, with their counts; zero stands between the signs. Values one ulp apart are one, the larger. */
export function distinct(
  sorted: Float32Array | Float64Array,
  zeroRows: number,
): { values: Float64Array; counts: Float64Array } {
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
