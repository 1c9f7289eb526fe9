// asc: --importMemory
// Covariance and correlation over windows: see pair.ts for what they compute.

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
// @ts-ignore: decorator
@inline function clamped(total: f64, count: i32, negative: i32, same: i32, previous: f64): f64 {
  if (count == 0) return NaN;
  if (same >= count) return previous;
  const result = total / <f64>count;
  return (negative == 0 && result < 0) || (negative == count && result > 0) ? 0 : result;
}

/**
 * The mean of x, of y and of their product side by side, so that their chains of additions overlap.
 * x and y miss the same rows; only the product may be infinite.
 */
export function covariance(x: usize, y: usize, out: usize, n: i32, w: i32): void {
  let count: i32 = 0;
  let sx: f64 = 0, ax: f64 = 0, rx: f64 = 0, px: f64 = NaN;
  let sy: f64 = 0, ay: f64 = 0, ry: f64 = 0, py: f64 = NaN;
  let sz: f64 = 0, az: f64 = 0, rz: f64 = 0, pz: f64 = NaN;
  let kx: i32 = 0, ky: i32 = 0, kz: i32 = 0, nx: i32 = 0, ny: i32 = 0, nz: i32 = 0;
  for (let i = 0; i < n; i++) {
    if (i >= w) {
      const u = at(x, i - w), v = at(y, i - w);
      if (u == u) {
        count--;
        const z = u * v;
        let d = -u - rx, t = sx + d;
        rx = t - sx - d;
        sx = t;
        nx -= negativeBit(u);
        d = -v - ry;
        t = sy + d;
        ry = t - sy - d;
        sy = t;
        ny -= negativeBit(v);
        d = -z - rz;
        t = sz + d;
        rz = t - sz - d;
        sz = t;
        nz -= negativeBit(z);
      }
    }
    const u = at(x, i), v = at(y, i);
    if (u == u) {
      count++;
      const z = u * v;
      let d = u - ax, t = sx + d;
      ax = t - sx - d;
      sx = t;
      nx += negativeBit(u);
      kx = u == px ? kx + 1 : 1;
      px = u;
      d = v - ay;
      t = sy + d;
      ay = t - sy - d;
      sy = t;
      ny += negativeBit(v);
      ky = v == py ? ky + 1 : 1;
      py = v;
      d = z - az;
      t = sz + d;
      az = t - sz - d;
      sz = t;
      nz += negativeBit(z);
      kz = z == pz ? kz + 1 : 1;
      pz = z;
    }
    const a = clamped(sx, count, nx, kx, px), b = clamped(sy, count, ny, ky, py), c = clamped(sz, count, nz, kz, pz);
    put(out, i, (c - a * b) * (<f64>count / <f64>(count - 1)));
  }
}

/** Divides covariances by the deviations, from the variances. */
export function normalize(out: usize, a: usize, b: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = (<usize>i) << 3;
    const square = f64x2.mul(v128.load(a + o), v128.load(b + o));
    v128.store(out + o, f64x2.div(v128.load(out + o), f64x2.sqrt(square)));
  }
  for (; i < n; i++) put(out, i, at(out, i) / sqrt<f64>(at(a, i) * at(b, i)));
}

/** Whether two columns hold the same values, NaN included. */
export function equal(x: usize, y: usize, n: i32): i32 {
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = (<usize>i) << 3;
    const u = v128.load(x + o), v = v128.load(y + o);
    const present = v128.or(f64x2.eq(u, u), f64x2.eq(v, v));
    if (v128.any_true(v128.and(f64x2.ne(u, v), present))) return 0;
  }
  for (; i < n; i++) {
    const u = at(x, i), v = at(y, i);
    if (u != v && (u == u || v == v)) return 0;
  }
  return 1;
}
