import { stdSort } from './std-sort.ts';

/**
 * The order in which numpy's `argsort` (kind "quicksort") leaves equal values, on CPUs with AVX-512, where numpy >= 1.25 sorts by Intel's
 * vector quicksort. It is no contract of numpy's, and other CPUs give another order; but boosted trees give many stocks of a day the same
 * score, and which of them a strategy buys then follows from it. The order here is the same on every machine.
 *
 * Source: the algorithm of x86-simd-sort's `avx512_argsort` (blocks of at most 64 go through a bitonic network, larger ones are split
 * at the 5th of 8 sampled values, 8 lanes at a time, the lanes being stored to whichever end they belong to), written from its description.
 * @param first where only the highest values matter: what stands before that place is in no order
 */
export function numpyArgsort(values: ArrayLike<number>, first = 0): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length > 1)
    sortRange(values, order, 0, values.length - 1, 2 * Math.floor(Math.log2(values.length)), first);
  return order;
}

const lanes = 8;
const blockSize = 64;
/** Above this many values, four vectors are loaded at once. */
const unrollLimit = 256;

function sortRange(
  values: ArrayLike<number>,
  order: Uint32Array,
  left: number,
  right: number,
  rounds: number,
  first: number,
): void {
  if (right < first) return;
  const size = right + 1 - left;
  if (size <= blockSize) {
    sortBlock(values, order, left, size);
    return;
  }
  // a pivot that is the smallest value makes no headway: where most values are equal it comes to this
  if (rounds <= 0) {
    stdSort(values, order, left, right + 1);
    return;
  }
  const pivot = samplePivot(values, order, left, right);
  const { split, smallest, biggest } = partition(values, order, left, right + 1, pivot);
  if (pivot !== smallest) sortRange(values, order, left, split - 1, rounds - 1, first);
  if (pivot !== biggest) sortRange(values, order, split, right, rounds - 1, first);
}

function samplePivot(values: ArrayLike<number>, order: Uint32Array, left: number, right: number): number {
  const step = Math.floor((right - left) / 8);
  const sample = new Float64Array(8);
  for (let k = 0; k < 8; k++) sample[k] = values[order[left + (k + 1) * step]!]!;
  return sample.sort()[4]!;
}

/** A bitonic sorter over 8, 16, 32 or 64 places; equal neighbours stay where they are. */
function sortBlock(values: ArrayLike<number>, order: Uint32Array, left: number, size: number): void {
  let places = lanes;
  while (places < size) places *= 2;
  const keys = new Float64Array(places).fill(Number.POSITIVE_INFINITY);
  const at = new Uint32Array(places);
  for (let i = 0; i < size; i++) {
    at[i] = order[left + i]!;
    keys[i] = values[at[i]!]!;
  }
  for (let width = 2; width <= places; width *= 2) {
    for (let start = 0; start < places; start += width)
      for (let i = 0; i < width / 2; i++) exchange(keys, at, start + i, start + width - 1 - i);
    for (let gap = width / 4; gap >= 1; gap /= 2)
      for (let i = 0; i < places; i++) if ((i & gap) === 0) exchange(keys, at, i, i + gap);
  }
  order.set(at.subarray(0, size), left);
}

function exchange(keys: Float64Array, at: Uint32Array, low: number, high: number): void {
  const a = keys[low]!;
  const b = keys[high]!;
  if (!(b < a)) return;
  keys[low] = b;
  keys[high] = a;
  const place = at[low]!;
  at[low] = at[high]!;
  at[high] = place;
}

interface Split {
  /** First place of the values that are not below the pivot. */
  readonly split: number;
  readonly smallest: number;
  readonly biggest: number;
}

function partition(
  values: ArrayLike<number>,
  order: Uint32Array,
  from: number,
  to: number,
  pivot: number,
): Split {
  let [left, right] = [from, to];
  let smallest = Number.POSITIVE_INFINITY;
  let biggest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const value = values[order[i]!]!;
    if (value < smallest) smallest = value;
    if (value > biggest) biggest = value;
  }
  const step = right - left <= unrollLimit ? lanes : 4 * lanes;
  // the number of values is brought to a multiple of the step one by one
  for (let i = (right - left) % step; i > 0; i--) {
    const index = order[left]!;
    if (values[index]! < pivot) left++;
    else {
      order[left] = order[--right]!;
      order[right] = index;
    }
  }
  if (left === right) return { split: left, smallest, biggest };
  let low = left;
  let high = right;
  /** Stores 8 places: those below the pivot from `low` up, the others below `high`, each group in its order. */
  const store = (vector: Uint32Array, first: number) => {
    let above = 0;
    for (let i = first; i < first + lanes; i++) if (!(values[vector[i]!]! < pivot)) above++;
    let up = high - above;
    high = up;
    for (let i = first; i < first + lanes; i++) {
      if (values[vector[i]!]! < pivot) order[low++] = vector[i]!;
      else order[up++] = vector[i]!;
    }
  };
  if (right - left === lanes) {
    store(order.slice(left, right), 0);
    return { split: low, smallest, biggest };
  }
  const firstVectors = order.slice(left, left + step);
  const lastVectors = order.slice(right - step, right);
  left += step;
  right -= step;
  const vector = new Uint32Array(step);
  while (right !== left) {
    const freeRight = high - right;
    const freeLeft = left - low;
    if (freeRight < freeLeft) {
      right -= step;
      vector.set(order.subarray(right, right + step));
    } else {
      vector.set(order.subarray(left, left + step));
      left += step;
    }
    for (let i = 0; i < step; i += lanes) store(vector, i);
  }
  for (let i = 0; i < step; i += lanes) store(firstVectors, i);
  for (let i = 0; i < step; i += lanes) store(lastVectors, i);
  return { split: low, smallest, biggest };
}
