/**
 * Sums, means and higher moments over the last `w` rows (all rows so far where w > n), NaN skipped, at least one value: pandas 2.2's online
 * algorithms with Kahan's compensation, whose rounding shows in the last digits. The reference of moments.as.ts.
 */
export function rollingSum(x: Float64Array, out: Float64Array, n: number, w: number): void {
  compensated(x, out, n, w, false);
}

/** As `rollingSum`, divided by the number of values; a mean on the wrong side of zero is 0. */
export function rollingMean(x: Float64Array, out: Float64Array, n: number, w: number): void {
  compensated(x, out, n, w, true);
}

function compensated(x: Float64Array, out: Float64Array, n: number, w: number, mean: boolean): void {
  let sum = 0;
  let lostAdding = 0;
  let lostRemoving = 0;
  let count = 0;
  let negative = 0;
  let same = 0;
  let previous = Number.NaN;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = x[i - w]!;
      if (!Number.isNaN(v)) {
        count--;
        const y = -v - lostRemoving;
        const t = sum + y;
        lostRemoving = t - sum - y;
        sum = t;
        if (v < 0 || Object.is(v, -0)) negative--;
      }
    }
    const v = x[i]!;
    if (!Number.isNaN(v)) {
      count++;
      const y = v - lostAdding;
      const t = sum + y;
      lostAdding = t - sum - y;
      sum = t;
      if (v < 0 || Object.is(v, -0)) negative++;
      same = v === previous ? same + 1 : 1;
      previous = v;
    }
    let result = Number.NaN;
    if (count > 0) {
      if (same >= count) result = mean ? previous : previous * count;
      else if (!mean) result = sum;
      else {
        result = sum / count;
        if ((negative === 0 && result < 0) || (negative === count && result > 0)) result = 0;
      }
    }
    out[i] = result;
  }
}

/**
 * Variance with one degree of freedom (Welford, Kahan) and its root; NaN below two values, exactly 0 where all values are the same.
 * Either output may be left out.
 */
export function rollingVariance(
  x: Float64Array,
  variance: Float64Array | null,
  deviation: Float64Array | null,
  n: number,
  w: number,
): void {
  let mean = 0;
  let squares = 0;
  let lostAdding = 0;
  let lostRemoving = 0;
  let count = 0;
  let same = 0;
  let previous = Number.NaN;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = x[i - w]!;
      if (!Number.isNaN(v)) {
        count--;
        if (count > 0) {
          const before = mean - lostRemoving;
          const y = v - lostRemoving;
          const t = y - mean;
          lostRemoving = t + mean - y;
          mean -= t / count;
          squares -= (v - before) * (v - mean);
        } else {
          mean = 0;
          squares = 0;
        }
      }
    }
    const v = x[i]!;
    if (!Number.isNaN(v)) {
      count++;
      same = v === previous ? same + 1 : 1;
      previous = v;
      const before = mean - lostAdding;
      const y = v - lostAdding;
      const t = y - mean;
      lostAdding = t + mean - y;
      mean += t / count;
      squares += (v - before) * (v - mean);
    }
    const result = count < 2 ? Number.NaN : same >= count ? 0 : squares / (count - 1);
    if (variance) variance[i] = result;
    if (deviation) deviation[i] = result < 0 ? 0 : Math.sqrt(result);
  }
}

/** Number of values that are not NaN (infinities count): `(n)`. */
export function rollingCount(x: Float64Array, out: Float64Array, n: number, w: number): void {
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w && !Number.isNaN(x[i - w]!)) count--;
    if (!Number.isNaN(x[i]!)) count++;
    out[i] = count;
  }
}

/** What pandas subtracts before it sums powers: the rounded mean of the whole series, unless values lie far below it. */
function center(x: Float64Array, n: number, limit: number): number {
  let least = Number.POSITIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    if (Number.isNaN(v)) continue;
    count++;
    sum += v;
    if (v < least) least = v;
  }
  const mean = sum / count;
  if (!(least - mean > -limit)) return 0;
  const down = Math.floor(Math.abs(mean));
  const rounded = Math.abs(mean) - down >= 0.5 ? down + 1 : down;
  return mean < 0 ? -rounded : rounded;
}

/** Adds `term` to sums[k] with the compensation in lost[k]. */
function add(sums: Float64Array, lost: Float64Array, k: number, term: number): void {
  const y = term - lost[k]!;
  const t = sums[k]! + y;
  lost[k] = t - sums[k]! - y;
  sums[k] = t;
}

/** Skewness (`powers` 3, at least 3 values) or excess kurtosis (`powers` 4, at least 4), bias-corrected; NaN where nearly all values agree. */
export function rollingShape(x: Float64Array, out: Float64Array, n: number, w: number, powers: 3 | 4): void {
  const sums = new Float64Array(4);
  const adding = new Float64Array(4);
  const removing = new Float64Array(4);
  const middle = center(x, n, powers === 3 ? 1e5 : 1e4);
  let count = 0;
  let same = 0;
  let previous = n > 0 ? x[0]! : Number.NaN;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = x[i - w]! - middle;
      if (!Number.isNaN(v)) {
        count--;
        add(sums, removing, 0, -v);
        add(sums, removing, 1, -v * v);
        add(sums, removing, 2, -v * v * v);
        if (powers === 4) add(sums, removing, 3, -v * v * v * v);
      }
    }
    const v = x[i]! - middle;
    if (!Number.isNaN(v)) {
      count++;
      add(sums, adding, 0, v);
      add(sums, adding, 1, v * v);
      add(sums, adding, 2, v * v * v);
      if (powers === 4) add(sums, adding, 3, v * v * v * v);
      same = v === previous ? same + 1 : 1;
      previous = v;
    }
    out[i] = powers === 3 ? skewness(sums, count, same) : kurtosis(sums, count, same);
  }
}

function skewness(sums: Float64Array, count: number, same: number): number {
  if (count < 3) return Number.NaN;
  if (same >= count) return 0;
  const a = sums[0]! / count;
  const b = sums[1]! / count - a * a;
  const c = sums[2]! / count - a * a * a - 3 * a * b;
  if (b <= 1e-14) return Number.NaN;
  const r = Math.sqrt(b);
  return (Math.sqrt(count * (count - 1)) * c) / ((count - 2) * r * r * r);
}

function kurtosis(sums: Float64Array, count: number, same: number): number {
  if (count < 4) return Number.NaN;
  if (same >= count) return -3;
  const a = sums[0]! / count;
  let r = a * a;
  const b = sums[1]! / count - r;
  r *= a;
  const c = sums[2]! / count - r - 3 * a * b;
  r *= a;
  const d = sums[3]! / count - r - 6 * b * a * a - 4 * c * a;
  if (b <= 1e-14) return Number.NaN;
  const k = ((count * count - 1) * d) / (b * b) - 3 * ((count - 1) * (count - 1));
  return k / ((count - 2) * (count - 3));
}
