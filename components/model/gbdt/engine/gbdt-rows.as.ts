// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Kernels over rows: sorting, binning, partition. The same results as in reference/kernels.ts.

// @ts-ignore: decorator
@inline function keyOf(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

/** Radix sort by 11, 11 and 10 bits of the ordered keys. */
export function sortFloats(at: usize, spare: usize, count: u32, counts: usize): void {
  memory.fill(counts, 0, 24576);
  for (let i: u32 = 0; i < count; i++) {
    const key = keyOf(load<u32>(at + (<usize>i << 2)));
    store<u32>(at + (<usize>i << 2), key);
    countUp(counts, key & 2047);
    countUp(counts + 8192, (key >> 11) & 2047);
    countUp(counts + 16384, key >> 22);
  }
  for (let pass: usize = 0; pass < 3; pass++) {
    let sum: u32 = 0;
    for (let i: usize = 0; i < 2048; i++) {
      const p = counts + pass * 8192 + (i << 2);
      const n = load<u32>(p);
      store<u32>(p, sum);
      sum += n;
    }
  }
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(at + (<usize>i << 2));
    store<u32>(spare + (place(counts, key & 2047) << 2), key);
  }
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(spare + (<usize>i << 2));
    store<u32>(at + (place(counts + 8192, (key >> 11) & 2047) << 2), key);
  }
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(at + (<usize>i << 2));
    const bits = key & 0x80000000 ? key ^ 0x80000000 : ~key;
    store<u32>(spare + (place(counts + 16384, key >> 22) << 2), bits);
  }
  memory.copy(at, spare, <usize>count << 2);
}

// @ts-ignore: decorator
@inline function countUp(counts: usize, digit: u32): void {
  const p = counts + (<usize>digit << 2);
  store<u32>(p, load<u32>(p) + 1);
}

// @ts-ignore: decorator
@inline function place(counts: usize, digit: u32): usize {
  const p = counts + (<usize>digit << 2);
  const at = load<u32>(p);
  store<u32>(p, at + 1);
  return <usize>at;
}

export function binFloats(
  values: usize,
  count: u32,
  firstBins: usize,
  keys: usize,
  nanBin: u32,
  bins: usize,
  stride: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const bits = load<u32>(values + (<usize>i << 2));
    let bin: u32 = nanBin;
    if ((bits & 0x7fffffff) <= 0x7f800000) {
      const key = keyOf(bits);
      bin = <u32>load<u8>(firstBins + (key >> 16));
      while (key > load<u32>(keys + (<usize>bin << 2))) bin++;
    }
    store<u8>(bins, <u8>bin);
    bins += stride;
  }
}

/** Rows whose bins are fetched ahead. */
const ahead: u32 = 64;
let touched: u32 = 0;

export function partitionRows(
  bins: usize,
  stride: usize,
  rows: usize,
  first: u32,
  count: u32,
  threshold: u32,
  special: u32,
  specialLeft: u32,
  left: usize,
  rightEnd: usize,
): u32 {
  const start = left;
  let i: u32 = 0;
  while (i < count) {
    const end = min<u32>(i + ahead, count);
    if (rows != 0) {
      const last = min<u32>(end + ahead, count);
      let sum: u32 = 0;
      for (let k = end; k < last; k++) sum += load<u8>(bins + <usize>load<u32>(rows + (<usize>k << 2)) * stride);
      touched = sum;
    }
    for (; i < end; i++) {
      const row = rows == 0 ? first + i : load<u32>(rows + (<usize>i << 2));
      const bin = <u32>load<u8>(bins + <usize>row * stride);
      const goesLeft = bin == special ? specialLeft : <u32>(bin <= threshold);
      store<u32>(left, row);
      store<u32>(rightEnd - 4, row);
      left += <usize>(goesLeft << 2);
      rightEnd -= <usize>((1 - goesLeft) << 2);
    }
  }
  return <u32>((left - start) >> 2);
}
