// asc: --importMemory
// Upper triangle of X'X of one block of rows, eight columns at a time. `x` is row-major, (rows, pad) in float64; `out` is (p, pad) in float64.

// @ts-ignore: decorator
@inline function single(v: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v));
}

/** Adds the block's sums to `out` as float32 arithmetic with fused multiply-add does: one running sum an entry, then one addition. */
export function addSingle(x: usize, out: usize, p: i32, pad: i32, rows: i32): void {
  const stride = (<usize>pad) << 3;
  for (let i = 0; i < p; i++) {
    for (let j = i & ~7; j < pad; j += 8) {
      let a = f64x2.splat(0), b = a, c = a, d = a;
      let left = x + ((<usize>i) << 3), right = x + ((<usize>j) << 3);
      for (let k = 0; k < rows; k++) {
        const u = v128.load64_splat(left);
        a = single(f64x2.add(a, f64x2.mul(u, v128.load(right))));
        b = single(f64x2.add(b, f64x2.mul(u, v128.load(right, 16))));
        c = single(f64x2.add(c, f64x2.mul(u, v128.load(right, 32))));
        d = single(f64x2.add(d, f64x2.mul(u, v128.load(right, 48))));
        left += stride;
        right += stride;
      }
      const to = out + (<usize>(i * pad + j) << 3);
      v128.store(to, single(f64x2.add(v128.load(to), a)));
      v128.store(to, single(f64x2.add(v128.load(to, 16), b)), 16);
      v128.store(to, single(f64x2.add(v128.load(to, 32), c)), 32);
      v128.store(to, single(f64x2.add(v128.load(to, 48), d)), 48);
    }
  }
}

/** Adds the block's sums to `out` in float64. */
export function addDouble(x: usize, out: usize, p: i32, pad: i32, rows: i32): void {
  const stride = (<usize>pad) << 3;
  for (let i = 0; i < p; i++) {
    for (let j = i & ~7; j < pad; j += 8) {
      let a = f64x2.splat(0), b = a, c = a, d = a;
      let left = x + ((<usize>i) << 3), right = x + ((<usize>j) << 3);
      for (let k = 0; k < rows; k++) {
        const u = v128.load64_splat(left);
        a = f64x2.add(a, f64x2.mul(u, v128.load(right)));
        b = f64x2.add(b, f64x2.mul(u, v128.load(right, 16)));
        c = f64x2.add(c, f64x2.mul(u, v128.load(right, 32)));
        d = f64x2.add(d, f64x2.mul(u, v128.load(right, 48)));
        left += stride;
        right += stride;
      }
      const to = out + (<usize>(i * pad + j) << 3);
      v128.store(to, f64x2.add(v128.load(to), a));
      v128.store(to, f64x2.add(v128.load(to, 16), b), 16);
      v128.store(to, f64x2.add(v128.load(to, 32), c), 32);
      v128.store(to, f64x2.add(v128.load(to, 48), d), 48);
    }
  }
}
