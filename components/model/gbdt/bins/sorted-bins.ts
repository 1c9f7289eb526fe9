import { type DistinctSpace, distinct } from './distinct.ts';
import { greedyBins, pushBound } from './greedy-bins.ts';

/**
 * `greedyBins` of sorted single precision values, which are looked at only where a bin may end: equal ones follow each other, so that the number of
 * rows up to a value is its place. Where a value fills a bin by itself, or there are few, they are counted as `distinct` does.
 */
export function greedyBinsOfSorted(
  sorted: Float32Array,
  maxBin: number,
  minDataInBin: number,
  space?: DistinctSpace,
): number[] {
  const total = sorted.length;
  const most = minDataInBin > 0 ? Math.max(Math.min(maxBin, Math.trunc(total / minDataInBin)), 1) : maxBin;
  if (hasMoreValuesThan(sorted, maxBin) && !hasRunOf(sorted, total / most)) return equalShares(sorted, most);
  const { values, counts } = distinct(sorted, 0, space);
  return greedyBins(values, counts, maxBin, total, minDataInBin);
}

function equalShares(sorted: Float32Array, maxBin: number): number[] {
  const total = sorted.length;
  const bounds: number[] = [];
  let from = 0;
  for (let restBins = maxBin; ; restBins--) {
    const reached = from + Math.ceil((total - from) / restBins) - 1;
    const end = reached < total ? endOfRun(sorted, reached) : total;
    if (end >= total) break;
    pushBound(bounds, sorted[end - 1]!, sorted[end]!);
    from = end;
    if (restBins <= 2) break;
  }
  bounds.push(Number.POSITIVE_INFINITY);
  return bounds;
}

function hasMoreValuesThan(sorted: Float32Array, count: number): boolean {
  let found = 0;
  for (let i = 0; i < sorted.length && found <= count; i = endOfRun(sorted, i)) found++;
  return found > count;
}

/** Whether some value stands in at least `rows` places: then it stands in one of every so many. */
function hasRunOf(sorted: Float32Array, rows: number): boolean {
  const step = Math.max(1, Math.ceil(rows));
  for (let i = 0; i < sorted.length; i += step)
    if (endOfRun(sorted, i) - startOfRun(sorted, i) >= rows) return true;
  return false;
}

/** The place behind the last value that equals the one at `i`. */
function endOfRun(sorted: Float32Array, i: number): number {
  const value = sorted[i]!;
  let reach = 1;
  while (i + reach < sorted.length && sorted[i + reach] === value) reach *= 2;
  return i + (reach >> 1) + rowsUpTo(sorted.subarray(i + (reach >> 1), i + reach), value);
}

function startOfRun(sorted: Float32Array, i: number): number {
  const value = sorted[i]!;
  let reach = 1;
  while (i - reach >= 0 && sorted[i - reach] === value) reach *= 2;
  const from = Math.max(0, i - reach);
  let [low, high] = [from, i];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted values are at most `bound`. */
export function rowsUpTo(sorted: Float32Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
