import { sortPlaces } from './stable-order.ts';

/**
 * Ranks of `x[from .. to)`, 1 for the smallest, ties share their mean rank; NaN stays NaN and is not counted.
 * Writes ranks to `out[from .. to)` and returns how many values have one. pandas `rank(method="average")`.
 */
export function rankInto(
  x: ArrayLike<number>,
  out: Float64Array,
  from = 0,
  to = x.length,
  places: Uint32Array = new Uint32Array(to - from),
): number {
  let n = 0;
  for (let i = from; i < to; i++) {
    out[i] = Number.NaN;
    if (!Number.isNaN(x[i]!)) places[n++] = i;
  }
  const order = sortPlaces(places.subarray(0, n), x);
  for (let i = 0; i < n; ) {
    const value = x[order[i]!]!;
    let j = i + 1;
    while (j < n && x[order[j]!]! === value) j++;
    const rank = (i + 1 + j) / 2;
    for (; i < j; i++) out[order[i]!] = rank;
  }
  return n;
}
