import { pow } from '../../core/power.ts';
/** Weighted and absolute means over windows. The reference of weighted.as.ts. */

/** Exponentially weighted mean of all rows so far, decay 1 - alpha a row, also over missing rows (pandas ewm, adjust=True): `(n)`. */
export function exponentialMean(x: Float64Array, out: Float64Array, n: number, alpha: number): void {
  // pandas turns alpha into a centre of mass and back
  const decay = 1 - 1 / (1 + (1 / alpha - 1));
  exponential(x, out, n, decay);
}

/** The same with alpha = 2 / (span + 1). */
export function spanMean(x: Float64Array, out: Float64Array, n: number, span: number): void {
  exponential(x, out, n, 1 - 1 / (1 + (span - 1) / 2));
}

function exponential(x: Float64Array, out: Float64Array, n: number, decay: number): void {
  let mean = Number.NaN;
  let weight = 1;
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    if (!Number.isNaN(mean)) {
      weight *= decay;
      if (!Number.isNaN(v)) {
        if (mean !== v) mean = (weight * mean + v) / (weight + 1);
        weight += 1;
      }
    } else if (!Number.isNaN(v)) mean = v;
    out[i] = mean;
  }
}

/** numpy's pairwise summation of a[from .. from + n). */
export function pairwiseSum(a: Float64Array, from: number, n: number): number {
  if (n < 8) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += a[from + i]!;
    return sum;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return pairwiseSum(a, from, half) + pairwiseSum(a, from + half, n - half);
  }
  let [r0, r1, r2, r3, r4, r5, r6, r7] = a.subarray(from, from + 8) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  let i = 8;
  for (; i < n - (n % 8); i += 8) {
    const at = from + i;
    r0 += a[at]!;
    r1 += a[at + 1]!;
    r2 += a[at + 2]!;
    r3 += a[at + 3]!;
    r4 += a[at + 4]!;
    r5 += a[at + 5]!;
    r6 += a[at + 6]!;
    r7 += a[at + 7]!;
  }
  let sum = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
  for (; i < n; i++) sum += a[from + i]!;
  return sum;
}

/** Mean distance from the mean of the values in the last `w` rows. `work` holds at least min(n, w) numbers. */
export function rollingMad(
  x: Float64Array,
  out: Float64Array,
  n: number,
  w: number,
  work: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let j = Math.max(0, i - w + 1); j <= i; j++) if (!Number.isNaN(x[j]!)) work[count++] = x[j]!;
    if (count === 0) {
      out[i] = Number.NaN;
      continue;
    }
    const mean = pairwiseSum(work, 0, count) / count;
    for (let j = 0; j < count; j++) work[j] = Math.abs(work[j]! - mean);
    out[i] = pairwiseSum(work, 0, count) / count;
  }
}

/**
 * qlib's WMA: weights 1, 2, ... over the rows of the window, divided by their sum, and then the mean of the products, so the weighted mean
 * divided by the number of values. `work` as above.
 */
export function rollingWma(
  x: Float64Array,
  out: Float64Array,
  n: number,
  w: number,
  work: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const start = Math.max(0, i - w + 1);
    const size = i - start + 1;
    const total = (size * (size + 1)) / 2;
    let count = 0;
    for (let j = 0; j < size; j++) {
      const product = ((j + 1) / total) * x[start + j]!;
      work[j] = Number.isNaN(product) ? 0 : product;
      if (!Number.isNaN(product)) count++;
    }
    out[i] = count === 0 ? Number.NaN : pairwiseSum(work, 0, size) / count;
  }
}

/** qlib's EMA over all rows so far (N = 0): weights (1 - 2 / (1 + rows)) ** age, divided by their sum; NaN counts as 0. `work`: 2 n numbers. */
export function expandingEma(x: Float64Array, out: Float64Array, n: number, work: Float64Array): void {
  let seen = false;
  for (let i = 0; i < n; i++) {
    seen ||= !Number.isNaN(x[i]!);
    const size = i + 1;
    const base = 1 - 2 / (1 + size);
    for (let j = 0; j < size; j++) work[j] = pow(base, size - 1 - j);
    const total = pairwiseSum(work, 0, size);
    for (let j = 0; j < size; j++) {
      const product = (work[j]! / total) * x[j]!;
      work[j] = Number.isNaN(product) ? 0 : product;
    }
    out[i] = seen ? pairwiseSum(work, 0, size) : Number.NaN;
  }
}
