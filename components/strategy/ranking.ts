import type { Scores } from '../backtest/scores.ts';
import { numpyArgsort } from '../core/numpy-argsort.ts';

/**
 * Names by score, highest first; NaN last. Names are put in order first: ties then fall as pandas'
 * `sort_values(ascending=False)` leaves them.
 */
export function rankByScore(names: readonly string[], scoreOf: (name: string) => number): string[] {
  const sorted = [...names].sort();
  return Array.from(descending(Float64Array.from(sorted, scoreOf)), (i) => sorted[i]!);
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
  const order = descending(kept.subarray(0, n));
  return Array.from(order.subarray(0, Math.max(0, count)), (i) => scores.name(places[i]!));
}

/**
 * pandas' `nargsort(ascending=False)`: numpy's order of the reversed values, reversed; NaN last, in their
 * order.
 */
function descending(values: Float64Array): Uint32Array {
  const present: number[] = [];
  const missing: number[] = [];
  for (let i = 0; i < values.length; i++) (Number.isNaN(values[i]!) ? missing : present).push(i);
  present.reverse();
  const order = numpyArgsort(Float64Array.from(present, (i) => values[i]!));
  const out = new Uint32Array(values.length);
  for (let k = 0; k < order.length; k++) out[k] = present[order[order.length - 1 - k]!]!;
  out.set(missing, order.length);
  return out;
}
