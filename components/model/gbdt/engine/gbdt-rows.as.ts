// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Kernels over rows: sorting and binning. The same results as in reference/kernels.ts.

import { binKeys } from '../../hist/_rows.as';

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

export function binFloats(values: usize, count: u32, keys: usize, nanBin: u32, to: usize, stride: usize): void {
  binKeys<u8>(values, count, keys, nanBin, to, stride);
}
