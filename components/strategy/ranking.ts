import type { Scores } from '../backtest/scores.ts';

/**
 * Names by score, highest first; NaN last; ties by name: pandas' `sort_values(ascending=False)`, whose order of ties is no contract.
 */
export function rankByScore(names: readonly string[], scoreOf: (name: string) => number): string[] {
  const scores = Float64Array.from(names, scoreOf);
  return Array.from(
    Uint32Array.from(names, (_, i) => i).sort(
      (a, b) => compare(scores, a, b) || (names[a]! < names[b]! ? -1 : 1),
    ),
    (i) => names[i]!,
  );
}

/** Names of the `count` highest scores, ranked; `skip[i]` leaves out the i-th score. */
export function highestScores(scores: Scores, count = scores.length, skip?: Uint8Array): string[] {
  const { values } = scores;
  const kept = new Float64Array(scores.length);
  const places = new Uint32Array(scores.length);
  let n = 0;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    if (skip?.[i]) continue;
    places[n] = i;
    kept[n++] = values[i]!;
    if (Number.isNaN(values[i]!)) missing++;
  }
  const chosen = count < n - missing ? above(kept.subarray(0, n), places, count) : places.subarray(0, n);
  const ranked = chosen.sort((a, b) => compare(values, a, b) || a - b);
  return Array.from(ranked.subarray(0, Math.max(0, count)), (at) => scores.name(at));
}

/** Places of the `count` highest values; of equal ones at the edge the first. Typed arrays sort numbers fast: only those chosen are compared one by one. */
function above(values: Float64Array, places: Uint32Array, count: number): Uint32Array {
  if (count <= 0) return new Uint32Array(0);
  // NaN is sorted to the end
  const sorted = values.slice().sort();
  let present = sorted.length;
  while (present > 0 && Number.isNaN(sorted[present - 1]!)) present--;
  const edge = sorted[present - count]!;
  let equal = 0;
  for (let i = present - count; i < present && sorted[i] === edge; i++) equal++;
  const chosen = new Uint32Array(count);
  let n = 0;
  for (let i = 0; i < values.length && n < count; i++)
    if (values[i]! > edge || (values[i] === edge && equal-- > 0)) chosen[n++] = places[i]!;
  return chosen;
}

/** Highest first, NaN last. */
function compare(values: ArrayLike<number>, a: number, b: number): number {
  const x = values[a]!;
  const y = values[b]!;
  if (x > y) return -1;
  if (x < y) return 1;
  if (x === y) return 0;
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}
