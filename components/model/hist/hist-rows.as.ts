// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Histograms over binned rows: the same results as in reference.ts, bit by bit. Every sum is made in the order of the rows.

import { binKeys, gather } from './_rows.as';

/** Rows of a chunk, which stays in the cache; see layout.ts. */
const chunk: u32 = 1024;

export function addBytes(
  bins: usize,
  width: usize,
  rows: usize,
  count: u32,
  pairs: usize,
  offsets: usize,
  lanes: u32,
  stage: usize,
  histogram: usize,
): void {
  add<u8>(bins, width, rows, count, pairs, offsets, lanes, stage, histogram);
}

export function addWords(
  bins: usize,
  width: usize,
  rows: usize,
  count: u32,
  pairs: usize,
  offsets: usize,
  lanes: u32,
  stage: usize,
  histogram: usize,
): void {
  add<u16>(bins, width, rows, count, pairs, offsets, lanes, stage, histogram);
}

function add<T>(
  bins: usize,
  width: usize,
  rows: usize,
  count: u32,
  pairs: usize,
  offsets: usize,
  lanes: u32,
  stage: usize,
  histogram: usize,
): void {
  const p = stage + <usize>chunk * width;
  for (let from: u32 = 0; from < count; from += chunk) {
    const n = min<u32>(chunk, count - from);
    gather(bins, width, rows + (<usize>from << 2), n, pairs, stage, p);
    let k: u32 = 0;
    for (; k + 4 <= lanes; k += 4) {
      const at = offsets + (<usize>k << 2);
      addFour<T>(
        stage + <usize>k * sizeof<T>(),
        width,
        n,
        p,
        histogram + load<u32>(at),
        histogram + load<u32>(at, 4),
        histogram + load<u32>(at, 8),
        histogram + load<u32>(at, 12),
      );
    }
    for (; k < lanes; k++)
      addOne<T>(stage + <usize>k * sizeof<T>(), width, n, p, histogram + load<u32>(offsets + (<usize>k << 2)));
  }
}

function addFour<T>(
  bins: usize,
  width: usize,
  n: u32,
  pairs: usize,
  h0: usize,
  h1: usize,
  h2: usize,
  h3: usize,
): void {
  const size = sizeof<T>();
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs));
    let p = h0 + (<usize>load<T>(bins) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    p = h1 + (<usize>load<T>(bins + size) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    p = h2 + (<usize>load<T>(bins + 2 * size) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    p = h3 + (<usize>load<T>(bins + 3 * size) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    bins += width;
    pairs += 8;
  }
}

function addOne<T>(bins: usize, width: usize, n: u32, pairs: usize, h: usize): void {
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const p = h + (<usize>load<T>(bins) << 4);
    v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(v128.load64_zero(pairs))));
    bins += width;
    pairs += 8;
  }
}

export function subtract(from: usize, what: usize, count: u32): void {
  const end = from + (<usize>count << 4);
  for (; from < end; from += 16, what += 16) v128.store(from, f64x2.sub(v128.load(from), v128.load(what)));
}

export function partBytes(
  bins: usize,
  stride: usize,
  bin: u32,
  missing: i32,
  missingLeft: bool,
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
): u32 {
  return part<u8>(bins, stride, bin, missing, missingLeft, rows, count, left, right);
}

export function partWords(
  bins: usize,
  stride: usize,
  bin: u32,
  missing: i32,
  missingLeft: bool,
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
): u32 {
  return part<u16>(bins, stride, bin, missing, missingLeft, rows, count, left, right);
}

function part<T>(
  bins: usize,
  stride: usize,
  bin: i32,
  missing: i32,
  missingLeft: bool,
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
): u32 {
  const begin = left;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const b = <i32>load<T>(bins + <usize>row * stride);
    const toLeft = b == missing ? <usize>missingLeft : <usize>(b <= bin);
    store<u32>(left, row);
    store<u32>(right, row);
    left += toLeft << 2;
    right += (toLeft ^ 1) << 2;
  }
  return <u32>((left - begin) >> 2);
}

export function binBytes(values: usize, count: u32, keys: usize, missing: u32, to: usize, stride: usize): void {
  binKeys<u8>(values, count, keys, missing, to, stride);
}

export function binWords(values: usize, count: u32, keys: usize, missing: u32, to: usize, stride: usize): void {
  binKeys<u16>(values, count, keys, missing, to, stride);
}
