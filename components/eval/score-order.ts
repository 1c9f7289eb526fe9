import { upperBound } from '../core/dates.ts';

/**
 * Places of the `limit` highest values from the highest down; equal ones keep their order, NaN is left out. The values are sorted as numbers,
 * which engines do far faster than by a comparison of ours; each then looks up its place.
 */
export function scoreOrder(scores: Float64Array, limit = scores.length): Uint32Array {
  const present = new Float64Array(scores.length);
  let n = 0;
  for (let i = 0; i < scores.length; i++) if (!Number.isNaN(scores[i]!)) present[n++] = scores[i]!;
  const sorted = present.subarray(0, n).sort();
  const count = Math.min(limit, n);
  const order = new Uint32Array(count);
  if (count === 0) return order;
  const edge = sorted[n - count]!;
  const taken = new Uint32Array(count);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (!(score >= edge)) continue;
    const first = n - upperBound(sorted, score);
    const at = first + taken[first]!++;
    if (at < count) order[at] = i;
  }
  return order;
}
