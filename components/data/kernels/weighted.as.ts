// asc: --importMemory
// Weighted and absolute means over windows: see weighted.ts for what they compute.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function put(p: usize, i: i32, v: f64): void {
  store<f64>(p + ((<usize>i) << 3), v);
}

export function exponentialMean(x: usize, out: usize, n: i32, alpha: f64): void {
  exponential(x, out, n, 1 - 1 / (1 + (1 / alpha - 1)));
}
export function spanMean(x: usize, out: usize, n: i32, span: f64): void {
  exponential(x, out, n, 1 - 1 / (1 + (span - 1) / 2));
}
function exponential(x: usize, out: usize, n: i32, decay: f64): void {
  let mean: f64 = NaN, weight: f64 = 1;
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    if (mean == mean) {
      weight *= decay;
      if (v == v) {
        if (mean != v) mean = (weight * mean + v) / (weight + 1);
        weight += 1;
      }
    } else if (v == v) mean = v;
    put(out, i, mean);
  }
}

/** numpy's pairwise summation. */
function pairwise(a: usize, n: i32): f64 {
  if (n < 8) {
    let sum: f64 = 0;
    for (let i = 0; i < n; i++) sum += at(a, i);
    return sum;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return pairwise(a, half) + pairwise(a + ((<usize>half) << 3), n - half);
  }
  let r0 = at(a, 0), r1 = at(a, 1), r2 = at(a, 2), r3 = at(a, 3), r4 = at(a, 4), r5 = at(a, 5), r6 = at(a, 6), r7 = at(a, 7);
  const end = n - (n % 8);
  let i = 8;
  for (; i < end; i += 8) {
    r0 += at(a, i);
    r1 += at(a, i + 1);
    r2 += at(a, i + 2);
    r3 += at(a, i + 3);
    r4 += at(a, i + 4);
    r5 += at(a, i + 5);
    r6 += at(a, i + 6);
    r7 += at(a, i + 7);
  }
  let sum = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
  for (; i < n; i++) sum += at(a, i);
  return sum;
}

export function mad(x: usize, out: usize, n: i32, w: i32, work: usize): void {
  for (let i = 0; i < n; i++) {
    let count: i32 = 0;
    for (let j = i >= w ? i - w + 1 : 0; j <= i; j++) {
      const v = at(x, j);
      if (v == v) put(work, count++, v);
    }
    if (count == 0) {
      put(out, i, NaN);
      continue;
    }
    const mean = pairwise(work, count) / <f64>count;
    for (let j = 0; j < count; j++) put(work, j, abs<f64>(at(work, j) - mean));
    put(out, i, pairwise(work, count) / <f64>count);
  }
}

export function wma(x: usize, out: usize, n: i32, w: i32, work: usize): void {
  for (let i = 0; i < n; i++) {
    const start = i >= w ? i - w + 1 : 0;
    const size = i - start + 1;
    const total = (<f64>size * <f64>(size + 1)) / 2;
    let count: i32 = 0;
    for (let j = 0; j < size; j++) {
      const product = (<f64>(j + 1) / total) * at(x, start + j);
      put(work, j, product == product ? product : 0);
      if (product == product) count++;
    }
    put(out, i, count == 0 ? NaN : pairwise(work, size) / <f64>count);
  }
}
