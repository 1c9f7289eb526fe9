import { UserError } from '../../../core/errors.ts';
import type { ObjectiveData } from './objective.ts';

/** 1 / log2(2 + rank). */
export function discount(rank: number): number {
  return 1 / Math.log2(2 + rank);
}

/** What a label is worth: 2^label - 1 unless `label_gain` says otherwise. */
export function labelGains(given: readonly number[]): readonly number[] {
  return given.length > 0 ? given : Array.from({ length: 31 }, (_, i) => (i === 0 ? 0 : 2 ** i - 1));
}

/** The best discounted gain that the first `k` places can have. */
export function maxDcg(k: number, labels: Float32Array, gains: readonly number[]): number {
  const sorted = labels.slice().sort().reverse();
  let sum = 0;
  for (let j = 0; j < Math.min(k, sorted.length); j++) sum += discount(j) * gains[Math.trunc(sorted[j]!)]!;
  return sum;
}

/** Indices by descending score; equal scores keep their order. */
export function orderOf(score: Float64Array): Uint32Array {
  return Uint32Array.from(score, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b);
}

/** The first `k` of `orderOf`. */
export function firstOf(score: Float64Array, k: number): Uint32Array {
  if (k > 100) return orderOf(score).subarray(0, k);
  const first = new Uint32Array(Math.min(k, score.length));
  let found = 0;
  for (let i = 0; i < score.length; i++) {
    const value = score[i]!;
    if (found === first.length && !(value > score[first[found - 1]!]!)) continue;
    let at = found < first.length ? found++ : found - 1;
    for (; at > 0 && value > score[first[at - 1]!]!; at--) first[at] = first[at - 1]!;
    first[at] = i;
  }
  return first;
}

/** Where each query begins, and the end of the last. @throws UserError without queries or if they don't fit. */
export function queryBounds(
  name: string,
  { group, length }: Pick<ObjectiveData, 'group' | 'length'>,
): Uint32Array {
  if (!group) throw new UserError(`${name} needs queries`, { hint: 'give the rows a query as `group`' });
  const bounds = new Uint32Array(group.length + 1);
  for (const [q, rows] of group.entries()) bounds[q + 1] = bounds[q]! + rows;
  if (bounds.at(-1) !== length)
    throw new UserError(`the queries have ${bounds.at(-1)} rows, the data ${length}`);
  return bounds;
}
