const runLength = 8;

/**
 * Sorts places in ascending order of their keys, equal keys staying as they are; in place, and returned. No key may be NaN. Several times as fast as
 * `sort` with a function that compares.
 */
export function sortPlaces(
  places: Uint32Array,
  keys: ArrayLike<number>,
  scratch: Uint32Array = new Uint32Array(places.length),
): Uint32Array {
  const n = places.length;
  for (let from = 0; from < n; from += runLength) insertionSort(places, keys, from, from + runLength);
  let [source, target] = [places, scratch.subarray(0, n)];
  for (let width = runLength; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) merge(source, target, keys, from, from + width, width);
    [source, target] = [target, source];
  }
  if (source !== places) places.set(source);
  return places;
}

/** Places of the values in ascending or descending order; equal values by place, NaN at the end either way. */
export function stableOrder(values: ArrayLike<number>, isDescending = false): Uint32Array {
  const n = values.length;
  const keys = new Float64Array(n);
  const order = new Uint32Array(n);
  let present = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    keys[i] = isDescending ? -value : value;
    if (!Number.isNaN(value)) order[present++] = i;
  }
  for (let i = 0, at = present; at < n; i++) if (Number.isNaN(values[i]!)) order[at++] = i;
  sortPlaces(order.subarray(0, present), keys);
  return order;
}

function insertionSort(places: Uint32Array, keys: ArrayLike<number>, from: number, end: number): void {
  const to = Math.min(end, places.length);
  for (let i = from + 1; i < to; i++) {
    const place = places[i]!;
    const key = keys[place]!;
    let at = i;
    for (; at > from && keys[places[at - 1]!]! > key; at--) places[at] = places[at - 1]!;
    places[at] = place;
  }
}

/** Merges the runs [from, middle) and [middle, middle + width). */
function merge(
  source: Uint32Array,
  target: Uint32Array,
  keys: ArrayLike<number>,
  from: number,
  middle: number,
  width: number,
): void {
  const split = Math.min(middle, source.length);
  const to = Math.min(middle + width, source.length);
  let [left, right] = [from, split];
  for (let at = from; at < to; at++) {
    const takesLeft = left < split && (right >= to || keys[source[left]!]! <= keys[source[right]!]!);
    target[at] = takesLeft ? source[left++]! : source[right++]!;
  }
}
