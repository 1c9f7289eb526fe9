// Shared by kernels that import it: no kernel of its own.

/** Rows that are touched before they are copied: their cache lines arrive together, not one after the other. */
const ahead: u32 = 128;
/** Keeps the compiler from leaving out the touching. */
let touched: u32 = 0;

/** Copies the bins and pairs of `n` rows, one after the other. */
export function gather(bins: usize, width: usize, rows: usize, n: u32, pairs: usize, toBins: usize, toPairs: usize): void {
  const end = rows + (<usize>n << 2);
  while (rows < end) {
    const stop = min<usize>(rows + (ahead << 2), end);
    let sum: u32 = 0;
    for (let r = rows; r < stop; r += 4) {
      const row = <usize>load<u32>(r);
      sum += load<u8>(pairs + (row << 3));
      const from = bins + row * width;
      for (let at: usize = 0; at < width; at += 64) sum += load<u8>(from + at);
    }
    touched = sum;
    for (; rows < stop; rows += 4) {
      const row = <usize>load<u32>(rows);
      store<u64>(toPairs, load<u64>(pairs + (row << 3)));
      const from = bins + row * width;
      for (let at: usize = 0; at < width; at += 16) v128.store(toBins + at, v128.load(from + at));
      toBins += width;
      toPairs += 8;
    }
  }
}

/** Bins of floats: places among the sorted keys of upper bounds (pivots behind them), `missing` for NaN, `stride` apart. */
export function binKeys<T>(values: usize, count: u32, keys: usize, missing: u32, to: usize, stride: usize): void {
  const pivots = keys + 1024;
  for (let i: u32 = 0; i < count; i++) {
    const bits = load<i32>(values + (<usize>i << 2));
    let b = missing;
    if ((bits & 0x7fffffff) <= 0x7f800000) {
      const key = i32x4.splat(bits ^ ((bits >> 31) & 0x7fffffff));
      const sixteen = keysBelow(pivots, key) << 4;
      b = sixteen + keysBelow(keys + (<usize>sixteen << 2), key);
    }
    store<T>(to, <T>b);
    to += stride;
  }
}

/** How many of 16 keys are below: no branch to mispredict, no chain to wait for. */
// @ts-ignore: decorator
@inline function keysBelow(keys: usize, key: v128): u32 {
  const a = i16x8.narrow_i32x4_s(i32x4.lt_s(v128.load(keys), key), i32x4.lt_s(v128.load(keys, 16), key));
  const b = i16x8.narrow_i32x4_s(i32x4.lt_s(v128.load(keys, 32), key), i32x4.lt_s(v128.load(keys, 48), key));
  return popcnt<i32>(i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)));
}
