// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Parts rows by their bins: the same results as in reference/kernels.ts. No branch depends on a value: every row is written to both sides,
// and only one of them moves on.

export function partitionRows(
  bins: usize,
  stride: usize,
  goes: usize,
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
): u32 {
  const begin = left;
  const end = rows + (<usize>count << 2);
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const goesLeft = <usize>load<u8>(goes + <usize>load<u8>(bins + <usize>row * stride)) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft;
    right += 4 - goesLeft;
  }
  return <u32>(left - begin) >> 2;
}

export function partitionRange(
  bins: usize,
  stride: usize,
  goes: usize,
  first: u32,
  count: u32,
  left: usize,
  right: usize,
): u32 {
  const begin = left;
  let at = bins + <usize>first * stride;
  for (let row = first; row < first + count; row++) {
    const goesLeft = <usize>load<u8>(goes + <usize>load<u8>(at)) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft;
    right += 4 - goesLeft;
    at += stride;
  }
  return <u32>(left - begin) >> 2;
}

export function moveRows(to: usize, from: usize, count: u32): void {
  memory.copy(to, from, <usize>count << 2);
}

export function interleave(
  places: usize,
  first: u32,
  columns: u32,
  count: u32,
  to: usize,
  width: usize,
  spare: usize,
): void {
  for (let c: u32 = 0; c < columns; c += 16) {
    const last = min<u32>(c + 16, columns);
    let row: u32 = 0;
    if (last == c + 16)
      for (; row + 16 <= count; row += 16)
        transpose(places + (<usize>c << 2), first + row, to + <usize>row * width + <usize>c, width, spare);
    for (; row < count; row++)
      for (let k = c; k < last; k++)
        store<u8>(to + <usize>row * width + <usize>k, load<u8>(column(places, <usize>k) + <usize>(first + row)));
  }
}

// @ts-ignore: decorator
@inline function column(places: usize, k: usize): usize {
  return <usize>load<u32>(places + (k << 2));
}

/** 16 x 16 bytes: four times, the bytes of the vectors i and i + 8 are put between each other. */
function transpose(places: usize, row: u32, to: usize, width: usize, spare: usize): void {
  for (let i: usize = 0; i < 8; i++)
    put(
      v128.load(column(places, i) + <usize>row),
      v128.load(column(places, i + 8) + <usize>row),
      spare + (i << 5),
    );
  put8(spare, spare + 256);
  put8(spare + 256, spare);
  for (let i: usize = 0; i < 8; i++) {
    const a = v128.load(spare + (i << 4));
    const b = v128.load(spare + (i << 4), 128);
    v128.store(to, v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    to += width;
    v128.store(to, v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    to += width;
  }
}

// @ts-ignore: decorator
@inline function put8(from: usize, to: usize): void {
  for (let i: usize = 0; i < 8; i++)
    put(v128.load(from + (i << 4)), v128.load(from + (i << 4), 128), to + (i << 5));
}

// @ts-ignore: decorator
@inline function put(a: v128, b: v128, to: usize): void {
  v128.store(to, v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  v128.store(to, v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
}
