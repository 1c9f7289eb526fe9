const threshold = 16;

/**
 * Sorts `order[first .. last)` by `values` in the steps of libstdc++'s `std::sort`, so that equal values end in the order that it leaves
 * them in: quicksort about a median of three down to runs of 16, then one insertion sort.
 */
export function stdSort(values: ArrayLike<number>, order: Uint32Array, first: number, last: number): void {
  if (last - first < 2) return;
  const rounds = 2 * Math.floor(Math.log2(last - first));
  split(values, order, first, last, rounds);
  const firstRun = Math.min(last, first + threshold);
  for (let i = first + 1; i < firstRun; i++) insertGuarded(values, order, first, i);
  for (let i = firstRun; i < last; i++) insert(values, order, i);
}

function split(
  values: ArrayLike<number>,
  order: Uint32Array,
  first: number,
  end: number,
  rounds: number,
): void {
  let last = end;
  for (let left = rounds; last - first > threshold; left--) {
    if (left === 0) {
      // libstdc++ goes over to a heap here; an input that brings it about is not known to occur
      order.subarray(first, last).sort((a, b) => values[a]! - values[b]! || a - b);
      return;
    }
    const cut = partition(values, order, first, last);
    split(values, order, cut, last, left - 1);
    last = cut;
  }
}

function partition(values: ArrayLike<number>, order: Uint32Array, first: number, last: number): number {
  const isLess = (a: number, b: number) => values[order[a]!]! < values[order[b]!]!;
  const [a, b, c] = [first + 1, first + ((last - first) >> 1), last - 1];
  let median: number;
  if (isLess(a, b)) median = isLess(b, c) ? b : isLess(a, c) ? c : a;
  else median = isLess(a, c) ? a : isLess(b, c) ? c : b;
  swap(order, first, median);
  let low = first + 1;
  let high = last;
  for (;;) {
    while (isLess(low, first)) low++;
    high--;
    while (isLess(first, high)) high--;
    if (!(low < high)) return low;
    swap(order, low, high);
    low++;
  }
}

/** The value at `at` may be the smallest so far. */
function insertGuarded(values: ArrayLike<number>, order: Uint32Array, first: number, at: number): void {
  const index = order[at]!;
  if (values[index]! < values[order[first]!]!) {
    order.copyWithin(first + 1, first, at);
    order[first] = index;
  } else insert(values, order, at);
}

function insert(values: ArrayLike<number>, order: Uint32Array, at: number): void {
  const index = order[at]!;
  let i = at;
  while (values[index]! < values[order[i - 1]!]!) {
    order[i] = order[i - 1]!;
    i--;
  }
  order[i] = index;
}

function swap(order: Uint32Array, a: number, b: number): void {
  const kept = order[a]!;
  order[a] = order[b]!;
  order[b] = kept;
}
