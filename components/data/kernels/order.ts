/** Order statistics over the last `w` rows, NaN skipped. The reference of order.as.ts. */

/**
 * Largest (or least) value, and its place in the window counted from 1. The place is numpy's argmax: the first of equal values, and the
 * first NaN where the window has one; the value skips NaN (pandas). `ring` holds at least min(n, w) + 1 numbers.
 */
export function rollingExtreme(
  largest: boolean,
  x: Float64Array,
  value: Float64Array | null,
  place: Float64Array | null,
  n: number,
  w: number,
  ring: Float64Array,
): void {
  const size = Math.min(n, w) + 1;
  for (const out of [value, place]) {
    if (!out) continue;
    let head = 0;
    let tail = 0;
    let lastNaN = -1;
    let firstNaN = -1;
    for (let i = 0; i < n; i++) {
      const start = Math.max(0, i - w + 1);
      const v = x[i]!;
      if (head < tail && ring[head % size]! < start) head++;
      if (!Number.isNaN(v)) {
        while (head < tail) {
          const last = x[ring[(tail - 1) % size]!]!;
          const beaten = out === place ? (largest ? last < v : last > v) : largest ? last <= v : last >= v;
          if (!beaten) break;
          tail--;
        }
        ring[tail++ % size] = i;
      } else {
        lastNaN = i;
        if (firstNaN < 0) firstNaN = i;
      }
      if (firstNaN >= 0 && firstNaN < start) {
        // the next NaN in the window, if any
        firstNaN = -1;
        if (lastNaN >= start)
          for (let j = start; j <= lastNaN && firstNaN < 0; j++) if (Number.isNaN(x[j]!)) firstNaN = j;
      }
      if (head === tail) out[i] = Number.NaN;
      else if (out === value) out[i] = x[ring[head % size]!]!;
      else out[i] = (firstNaN >= start ? firstNaN : ring[head % size]!) - start + 1;
    }
  }
}

export interface SortedOutputs {
  /** Mean rank of the last value among those of the window, from 1. */
  readonly rank: Float64Array | null;
  /** The same divided by the number of values. */
  readonly rankShare: Float64Array | null;
  readonly median: Float64Array | null;
  /** Linear interpolation between the two values around `q * (count - 1)`. */
  readonly quantiles: readonly { readonly q: number; readonly out: Float64Array }[];
}

/** Statistics that need the window sorted, from one sorted window. `window` holds at least min(n, w) numbers. */
export function rollingSorted(
  x: Float64Array,
  outputs: SortedOutputs,
  n: number,
  w: number,
  window: Float64Array,
): void {
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w && !Number.isNaN(x[i - w]!)) {
      const at = lowest(window, count, x[i - w]!);
      window.copyWithin(at, at + 1, count--);
    }
    const v = x[i]!;
    if (!Number.isNaN(v)) {
      const at = lowest(window, count, v);
      window.copyWithin(at + 1, at, count++);
      window[at] = v;
    }
    let rank = Number.NaN;
    if (!Number.isNaN(v) && (outputs.rank || outputs.rankShare)) {
      const from = lowest(window, count, v);
      let to = from;
      while (to < count && window[to] === v) to++;
      rank = (from + 1 + to) / 2;
    }
    if (outputs.rank) outputs.rank[i] = rank;
    if (outputs.rankShare) outputs.rankShare[i] = rank / count;
    if (outputs.median) outputs.median[i] = medianOf(window, count);
    for (const { q, out } of outputs.quantiles) out[i] = quantileOf(window, count, q);
  }
}

function lowest(sorted: Float64Array, count: number, v: number): number {
  let lo = 0;
  let hi = count;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (sorted[mid]! < v) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

function medianOf(sorted: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const middle = count >> 1;
  return count % 2 === 1 ? sorted[middle]! : (sorted[middle]! + sorted[middle - 1]!) / 2;
}

function quantileOf(sorted: Float64Array, count: number, q: number): number {
  if (count === 0) return Number.NaN;
  const place = q * (count - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  if (place === below || below + 1 >= count) return low;
  return low + (sorted[below + 1]! - low) * (place - below);
}
