// asc: --importMemory
// Sums, means and higher moments over windows: see moments.ts for what they compute.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function put(p: usize, i: i32, v: f64): void {
  store<f64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline function negativeBit(v: f64): i32 {
  return <i32>(reinterpret<u64>(v) >> 63);
}

export function sum(x: usize, out: usize, n: i32, w: i32): void {
  let total: f64 = 0, lostAdding: f64 = 0, lostRemoving: f64 = 0, previous: f64 = NaN;
  let count: i32 = 0, same: i32 = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = at(x, i - w);
      if (v == v) {
        count--;
        const y = -v - lostRemoving, t = total + y;
        lostRemoving = t - total - y;
        total = t;
      }
    }
    const v = at(x, i);
    if (v == v) {
      count++;
      const y = v - lostAdding, t = total + y;
      lostAdding = t - total - y;
      total = t;
      same = v == previous ? same + 1 : 1;
      previous = v;
    }
    put(out, i, count > 0 ? (same >= count ? previous * <f64>count : total) : NaN);
  }
}

export function mean(x: usize, out: usize, n: i32, w: i32): void {
  let total: f64 = 0, lostAdding: f64 = 0, lostRemoving: f64 = 0, previous: f64 = NaN;
  let count: i32 = 0, same: i32 = 0, negative: i32 = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = at(x, i - w);
      if (v == v) {
        count--;
        const y = -v - lostRemoving, t = total + y;
        lostRemoving = t - total - y;
        total = t;
        negative -= negativeBit(v);
      }
    }
    const v = at(x, i);
    if (v == v) {
      count++;
      const y = v - lostAdding, t = total + y;
      lostAdding = t - total - y;
      total = t;
      negative += negativeBit(v);
      same = v == previous ? same + 1 : 1;
      previous = v;
    }
    let result: f64 = NaN;
    if (count > 0) {
      if (same >= count) result = previous;
      else {
        result = total / <f64>count;
        if ((negative == 0 && result < 0) || (negative == count && result > 0)) result = 0;
      }
    }
    put(out, i, result);
  }
}

export function variance(x: usize, variances: usize, deviations: usize, n: i32, w: i32): void {
  let mean: f64 = 0, squares: f64 = 0, lostAdding: f64 = 0, lostRemoving: f64 = 0, previous: f64 = NaN;
  let count: f64 = 0, same: f64 = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = at(x, i - w);
      if (v == v) {
        count -= 1;
        if (count > 0) {
          const before = mean - lostRemoving, y = v - lostRemoving, t = y - mean;
          lostRemoving = t + mean - y;
          mean -= t / count;
          squares -= (v - before) * (v - mean);
        } else {
          mean = 0;
          squares = 0;
        }
      }
    }
    const v = at(x, i);
    if (v == v) {
      count += 1;
      same = v == previous ? same + 1 : 1;
      previous = v;
      const before = mean - lostAdding, y = v - lostAdding, t = y - mean;
      lostAdding = t + mean - y;
      mean += t / count;
      squares += (v - before) * (v - mean);
    }
    const result: f64 = count < 2 ? NaN : same >= count ? 0 : squares / (count - 1);
    if (variances) put(variances, i, result);
    if (deviations) put(deviations, i, result < 0 ? 0 : sqrt<f64>(result));
  }
}

export function count(x: usize, out: usize, n: i32, w: i32): void {
  let present: i32 = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = at(x, i - w);
      if (v == v) present--;
    }
    const v = at(x, i);
    if (v == v) present++;
    put(out, i, <f64>present);
  }
}

function center(x: usize, n: i32, limit: f64): f64 {
  let least: f64 = Infinity, total: f64 = 0, present: f64 = 0;
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    if (v != v) continue;
    present += 1;
    total += v;
    if (v < least) least = v;
  }
  const mean = total / present;
  if (!(least - mean > -limit)) return 0;
  const size = abs<f64>(mean), down = floor<f64>(size), rounded = size - down >= 0.5 ? down + 1 : down;
  return mean < 0 ? -rounded : rounded;
}

export function shape(x: usize, out: usize, n: i32, w: i32, powers: i32): void {
  const middle = center(x, n, powers == 3 ? 1e5 : 1e4);
  let s1: f64 = 0, s2: f64 = 0, s3: f64 = 0, s4: f64 = 0;
  let a1: f64 = 0, a2: f64 = 0, a3: f64 = 0, a4: f64 = 0;
  let r1: f64 = 0, r2: f64 = 0, r3: f64 = 0, r4: f64 = 0;
  let count: f64 = 0, same: f64 = 0, previous: f64 = n > 0 ? at(x, 0) : NaN;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const v = at(x, i - w) - middle;
      if (v == v) {
        count -= 1;
        let y = -v - r1, t = s1 + y;
        r1 = t - s1 - y;
        s1 = t;
        y = -v * v - r2;
        t = s2 + y;
        r2 = t - s2 - y;
        s2 = t;
        y = -v * v * v - r3;
        t = s3 + y;
        r3 = t - s3 - y;
        s3 = t;
        y = -v * v * v * v - r4;
        t = s4 + y;
        r4 = t - s4 - y;
        s4 = t;
      }
    }
    const v = at(x, i) - middle;
    if (v == v) {
      count += 1;
      let y = v - a1, t = s1 + y;
      a1 = t - s1 - y;
      s1 = t;
      y = v * v - a2;
      t = s2 + y;
      a2 = t - s2 - y;
      s2 = t;
      y = v * v * v - a3;
      t = s3 + y;
      a3 = t - s3 - y;
      s3 = t;
      y = v * v * v * v - a4;
      t = s4 + y;
      a4 = t - s4 - y;
      s4 = t;
      same = v == previous ? same + 1 : 1;
      previous = v;
    }
    let result: f64 = NaN;
    if (powers == 3) {
      if (count >= 3) {
        if (same >= count) result = 0;
        else {
          const a = s1 / count, b = s2 / count - a * a, c = s3 / count - a * a * a - 3 * a * b;
          if (!(b <= 1e-14)) {
            const root = sqrt<f64>(b);
            result = (sqrt<f64>(count * (count - 1)) * c) / ((count - 2) * root * root * root);
          }
        }
      }
    } else if (count >= 4) {
      if (same >= count) result = -3;
      else {
        const a = s1 / count;
        let power = a * a;
        const b = s2 / count - power;
        power *= a;
        const c = s3 / count - power - 3 * a * b;
        power *= a;
        const d = s4 / count - power - 6 * b * a * a - 4 * c * a;
        if (!(b <= 1e-14)) {
          const k = ((count * count - 1) * d) / (b * b) - 3 * ((count - 1) * (count - 1));
          result = k / ((count - 2) * (count - 3));
        }
      }
    }
    put(out, i, result);
  }
}
