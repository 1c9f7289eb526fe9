// Shared by kernels that import it: no kernel of its own.

/** Rows that are touched before they are copied: their cache lines arrive together, not one after the other. */
const ahead: u32 = 128;
/** Keeps the compiler from leaving out the touching. */
let touched: u32 = 0;

/** Copies the bins and pairs of `n` rows, one after the other. `width` is a multiple of 16. */
export function gather(bins: usize, width: usize, rows: usize, n: u32, pairs: usize, toBins: usize, toPairs: usize): void {
  const end = rows + (<usize>n << 2);
  while (rows < end) {
    const stop = touchRows(bins, width, rows, end);
    for (; rows < stop; rows += 4) {
      const row = <usize>load<u32>(rows);
      store<u64>(toPairs, load<u64>(pairs + (row << 3)));
      toPairs += 8;
      // branches that are always foreseen cost less than a loop
      const from = bins + row * width;
      v128.store(toBins, v128.load(from));
      if (width > 16) v128.store(toBins, v128.load(from, 16), 16);
      if (width > 32) v128.store(toBins, v128.load(from, 32), 32);
      if (width > 48) v128.store(toBins, v128.load(from, 48), 48);
      if (width > 64) v128.store(toBins, v128.load(from, 64), 64);
      if (width > 80)
        for (let at: usize = 80; at < width; at += 16) v128.store(toBins + at, v128.load(from + at));
      toBins += width;
    }
  }
}

/** Touches the bins of the next of the rows at [rows, end); returns where these end. */
export function touchRows(bins: usize, width: usize, rows: usize, end: usize): usize {
  const stop = min<usize>(rows + (ahead << 2), end);
  touched = touch(bins, width, rows, stop);
  return stop;
}

/** Loads a byte of every cache line of the rows' bins, two lines a turn. */
// @ts-ignore: decorator
@inline function touch(bins: usize, width: usize, rows: usize, stop: usize): u32 {
  let sum: u32 = 0;
  for (let at: usize = 0; at < width; at += 128) {
    const second: usize = width - at > 64 ? 64 : 0;
    for (let r = rows; r < stop; r += 4) {
      const from = bins + at + <usize>load<u32>(r) * width;
      sum += load<u8>(from) + load<u8>(from + second);
    }
  }
  return sum;
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
