import type { Values } from './panel.ts';

/** Rounds as the storage does: to float32 for Float32Array, not at all for Float64Array. */
export type Rounding = (x: number) => number;

const keep: Rounding = (x) => x;

/** The rounding of arithmetic on `values`: numpy computes float32 arrays in float32. */
export function roundingOf(values: Values): Rounding {
  return values instanceof Float32Array ? Math.fround : keep;
}

/** numpy's buffer: a reduction sums this many values pairwise, then adds the next such sum. */
const chunk = 8192;

/**
 * Sum of `x[from .. to)` with every step rounded by `round`, in numpy's order of additions, so that float32 sums agree to the bit:
 * chunks of 8,192, each summed pairwise. NaN counts as 0. Source: numpy `add.reduce`.
 */
export function pairwiseSum(x: ArrayLike<number>, from = 0, to = x.length, round: Rounding = keep): number {
  let sum = 0;
  for (let at = from; at < to; at += chunk)
    sum = round(sum + pairwise(x, at, Math.min(at + chunk, to), round));
  return sum;
}

/** Blocks of at most 128 in eight running sums, halves split at multiples of eight (numpy, `pairwise_sum` in loops_utils.h). */
function pairwise(x: ArrayLike<number>, from: number, to: number, round: Rounding): number {
  const n = to - from;
  if (n < 8) {
    let sum = 0;
    for (let i = from; i < to; i++) sum = round(sum + present(x[i]!));
    return sum;
  }
  if (n <= 128) {
    let a = present(x[from]!);
    let b = present(x[from + 1]!);
    let c = present(x[from + 2]!);
    let d = present(x[from + 3]!);
    let e = present(x[from + 4]!);
    let f = present(x[from + 5]!);
    let g = present(x[from + 6]!);
    let h = present(x[from + 7]!);
    let i = 8;
    for (; i < n - (n % 8); i += 8) {
      const at = from + i;
      a = round(a + present(x[at]!));
      b = round(b + present(x[at + 1]!));
      c = round(c + present(x[at + 2]!));
      d = round(d + present(x[at + 3]!));
      e = round(e + present(x[at + 4]!));
      f = round(f + present(x[at + 5]!));
      g = round(g + present(x[at + 6]!));
      h = round(h + present(x[at + 7]!));
    }
    let sum = round(round(round(a + b) + round(c + d)) + round(round(e + f) + round(g + h)));
    for (; i < n; i++) sum = round(sum + present(x[from + i]!));
    return sum;
  }
  let half = Math.floor(n / 2);
  half -= half % 8;
  return round(pairwise(x, from, from + half, round) + pairwise(x, from + half, to, round));
}

function present(x: number): number {
  return Number.isNaN(x) ? 0 : x;
}

/** Number of values in `x[from .. to)` that are not NaN. */
export function countPresent(x: ArrayLike<number>, from = 0, to = x.length): number {
  let count = 0;
  for (let i = from; i < to; i++) if (!Number.isNaN(x[i]!)) count++;
  return count;
}

/** Mean of the values present, in the precision of the storage; NaN where none is. numpy `nanmean`, pandas `mean`. */
export function mean(x: Values, from = 0, to = x.length): number {
  const round = roundingOf(x);
  return round(pairwiseSum(x, from, to, round) / countPresent(x, from, to));
}

/**
 * Standard deviation with divisor n (numpy `nanstd`), two passes, in the precision of the storage. NaN where nothing is
 * present, and where an infinity is.
 */
export function populationStd(x: Values, from = 0, to = x.length): number {
  const round = roundingOf(x);
  const n = countPresent(x, from, to);
  const center = round(pairwiseSum(x, from, to, round) / n);
  const squares = x instanceof Float32Array ? new Float32Array(to - from) : new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const distance = round(x[i]! - center);
    // only missing values count as 0: infinity - infinity stays NaN
    squares[i - from] = Number.isNaN(x[i]!) ? 0 : distance * distance;
  }
  return round(Math.sqrt(round(plainPairwise(squares, round) / n)));
}

/** Pairwise sum in which NaN is NaN. */
function plainPairwise(x: Values, round: Rounding): number {
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]!)) return Number.NaN;
  return pairwiseSum(x, 0, x.length, round);
}

/**
 * Standard deviation with divisor n - 1 as pandas' `std` computes it: sums in float64 (also of float32 values), the variance
 * rounded to the storage, then its root. NaN for fewer than two values.
 */
export function sampleStd(x: Values, from = 0, to = x.length): number {
  const round = roundingOf(x);
  const n = countPresent(x, from, to);
  if (n < 2) return Number.NaN;
  const center = pairwiseSum(x, from, to) / n;
  const squares = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const distance = center - x[i]!;
    squares[i - from] = Number.isNaN(x[i]!) ? 0 : distance * distance;
  }
  return round(Math.sqrt(round(plainPairwise(squares, keep) / (n - 1))));
}

/** (x - center) / scale, each step in the precision of x; `out` has its type and may be x. */
export function standardizeInto(x: Values, center: number, scale: number, out: Values): void {
  // one loop a type: a call for each value costs more than the arithmetic
  if (x instanceof Float32Array)
    for (let i = 0; i < x.length; i++) out[i] = Math.fround(x[i]! - center) / scale;
  else for (let i = 0; i < x.length; i++) out[i] = (x[i]! - center) / scale;
}

/** Least and greatest value present; NaN where none is. */
export function extent(x: ArrayLike<number>, from = 0, to = x.length): { min: number; max: number } {
  let min = Number.NaN;
  let max = Number.NaN;
  for (let i = from; i < to; i++) {
    const value = x[i]!;
    if (Number.isNaN(value)) continue;
    if (!(value >= min)) min = value;
    if (!(value <= max)) max = value;
  }
  return { min, max };
}

/** Median of the values present, the mean of the two middle ones where their number is even; NaN where none is. */
export function median(x: Values, from = 0, to = x.length): number {
  return medianOfPresent(presentValues(x, from, to));
}

/** A packed copy of the values that are not NaN. */
export function presentValues(x: Values, from = 0, to = x.length): Values {
  const copy = x instanceof Float32Array ? new Float32Array(to - from) : new Float64Array(to - from);
  let n = 0;
  for (let i = from; i < to; i++) {
    const value = x[i]!;
    if (!Number.isNaN(value)) copy[n++] = value;
  }
  return copy.subarray(0, n);
}

/** Median of values without NaN; reorders them. Expected linear time. */
export function medianOfPresent(x: Values): number {
  const n = x.length;
  if (n === 0) return Number.NaN;
  const round = roundingOf(x);
  const middle = n >> 1;
  const upper = x instanceof Float32Array && n > 4096 ? selectSingle(x, middle) : select(x, middle);
  if (n % 2 === 1) return upper;
  if (x instanceof Float32Array && n > 4096) return round(round(selectSingle(x, middle - 1) + upper) / 2);
  let lower = x[0]!;
  for (let i = 1; i < middle; i++) if (x[i]! > lower) lower = x[i]!;
  return round(round(lower + upper) / 2);
}

/**
 * The quantile `q` of the values present, linear between neighbours (pandas' and numpy's default); NaN where none is. Reorders a copy.
 */
export function quantile(x: Values, q: number, from = 0, to = x.length): number {
  const values = presentValues(x, from, to);
  const n = values.length;
  if (n === 0) return Number.NaN;
  const place = q * (n - 1);
  const below = Math.floor(place);
  const low = select(values, below);
  if (below === place) return low;
  let high = values[below + 1]!;
  for (let i = below + 2; i < n; i++) if (values[i]! < high) high = values[i]!;
  return low + (high - low) * (place - below);
}

/**
 * The k-th smallest (from 0) of `x`, which holds no NaN; afterwards no value before place k is greater and none after it smaller.
 * Hoare's selection with the median of three.
 */
export function select(x: Values, k: number): number {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const a = x[low]!;
    const b = x[(low + high) >> 1]!;
    const c = x[high]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (x[i]! < pivot) i++;
      while (x[j]! > pivot) j--;
      if (i > j) break;
      const swap = x[i]!;
      x[i++] = x[j]!;
      x[j--] = swap;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return x[k]!;
}

/**
 * The same for float32, by the upper and then the lower half of their bits, which sort like the numbers: linear time, and x keeps its
 * order.
 */
function selectSingle(x: Float32Array, k: number): number {
  const bits = new Int32Array(x.buffer, x.byteOffset, x.length);
  // the sign bit makes negative numbers sort backwards: turn them round
  const keyOf = (b: number) => b ^ ((b >> 31) & 0x7fffffff);
  const counts = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) counts[(keyOf(bits[i]!) >> 16) + 32768]!++;
  let below = 0;
  let high = 0;
  while (below + counts[high]! <= k) below += counts[high++]!;
  const lower = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) {
    const key = keyOf(bits[i]!);
    if ((key >> 16) + 32768 === high) lower[key & 0xffff]!++;
  }
  let low = 0;
  while (below + lower[low]! <= k) below += lower[low++]!;
  const key = ((high - 32768) << 16) | low;
  return new Float32Array(Int32Array.of(keyOf(key)).buffer)[0]!;
}
