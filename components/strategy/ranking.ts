import type { Scores } from '../backtest/scores.ts';
import { numpyArgsort } from '../core/numpy-argsort.ts';

/** Names by score, highest first; NaN last, in the order given. Ties fall as pandas' `sort_values(ascending=False)` leaves them in names of that order. */
export function rankByScore(names: readonly string[], scoreOf: (name: string) => number): string[] {
  const scores = Float64Array.from(names, scoreOf);
  const order = areDistinct(scores.slice().sort(), 0) ? byValue(scores) : descending(scores);
  return Array.from(order, (i) => names[i]!);
}

/**
 * Names of the `count` highest scores, ranked; `skip[i]` leaves out the i-th score. All, if there are no more.
 */
export function highestScores(scores: Scores, count = scores.length, skip?: Uint8Array): string[] {
  const { values } = scores;
  const kept = new Float64Array(scores.length);
  const places = new Uint32Array(scores.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (skip?.[i]) continue;
    places[n] = i;
    kept[n++] = values[i]!;
  }
  const order = first(kept.subarray(0, n), Math.max(0, Math.min(count, n)));
  return Array.from(order, (i) => scores.name(places[i]!));
}

/** The first `count` of `descending(values)`. Where no tie touches them they are found without ordering the rest. */
function first(values: Float64Array, count: number): Uint32Array {
  if (count === 0) return new Uint32Array(0);
  const found = count <= fewScores ? fewHighest(values, count) : manyHighest(values, count);
  return found ?? descending(values, count);
}

/** Below this many, keeping the best in order is faster than sorting. */
const fewScores = 24;

/** Places of the `count` highest values, ranked; undefined where there are fewer numbers, or a tie touches them. */
function fewHighest(values: Float64Array, count: number): Uint32Array | undefined {
  // one more than asked for, to see whether it ties with the last
  const best = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const places = new Uint32Array(count + 1);
  let known = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || (known > count && value < best[count]!)) continue;
    let at = Math.min(known, count);
    for (; at > 0 && best[at - 1]! < value; at--) {
      best[at] = best[at - 1]!;
      places[at] = places[at - 1]!;
    }
    best[at] = value;
    places[at] = i;
    known++;
  }
  if (known < count) return undefined;
  for (let k = 1; k < Math.min(known, count + 1); k++) if (best[k] === best[k - 1]) return undefined;
  return places.subarray(0, count);
}

function manyHighest(values: Float64Array, count: number): Uint32Array | undefined {
  // numbers ascending, NaN behind them: the highest stand right before the NaN
  const sorted = values.slice().sort();
  let present = sorted.length;
  while (present > 0 && Number.isNaN(sorted[present - 1]!)) present--;
  if (count > present || !areDistinct(sorted.subarray(0, present), present - count - 1)) return undefined;
  const edge = sorted[present - count]!;
  const chosen = new Uint32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (values[i]! >= edge) chosen[at++] = i;
  return chosen.sort((a, b) => values[b]! - values[a]!);
}

/** Whether sorted values differ from place `from` on; NaN is like NaN. */
function areDistinct(sorted: Float64Array, from: number): boolean {
  for (let i = Math.max(0, from) + 1; i < sorted.length; i++)
    if (sorted[i] === sorted[i - 1] || Number.isNaN(sorted[i - 1]!)) return false;
  return true;
}

/** Places of distinct values, highest first; one NaN may be among them. */
function byValue(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values, (_, i) => i);
  return order.sort(
    (a, b) => values[b]! - values[a]! || Number(Number.isNaN(values[a]!)) - Number(Number.isNaN(values[b]!)),
  );
}

/**
 * The first `limit` of pandas' `nargsort(ascending=False)`: numpy's order of the reversed values, reversed; NaN last, in their order.
 */
function descending(values: Float64Array, limit = values.length): Uint32Array {
  const n = values.length;
  const places = new Uint32Array(n);
  const present = new Float64Array(n);
  let count = 0;
  for (let i = n - 1; i >= 0; i--) {
    if (Number.isNaN(values[i]!)) continue;
    places[count] = i;
    present[count++] = values[i]!;
  }
  const out = new Uint32Array(limit);
  const ranked = Math.min(limit, count);
  const order = numpyArgsort(present.subarray(0, count), count - ranked);
  for (let k = 0; k < ranked; k++) out[k] = places[order[count - 1 - k]!]!;
  for (let i = 0, at = ranked; at < limit; i++) if (Number.isNaN(values[i]!)) out[at++] = i;
  return out;
}
