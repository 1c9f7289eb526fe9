// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Histograms: the same sums as reference/kernels.ts, in the order of the rows, so that they don't depend on threads or chunks.
// Rows are gathered in chunks that stay in the cache, then four features at a time go over the chunk, whose histograms (16 KiB) stay in
// the first-level cache. A pair (gradient, hessian) is added in one step.

import { gather } from '../../hist/_rows.as';

/** Rows of a chunk; see stageBytes in layout.ts. */
const chunk: u32 = 1024;

export function addHistograms(
  bins: usize,
  width: usize,
  rows: usize,
  count: u32,
  pairs: usize,
  lanes: usize,
  laneCount: u32,
  stage: usize,
  histograms: usize,
): void {
  for (let from: u32 = 0; from < count; from += chunk) {
    const n = min<u32>(chunk, count - from);
    let b = bins + <usize>from * width;
    let p = pairs + (<usize>from << 3);
    if (rows != 0) {
      b = stage;
      p = stage + <usize>chunk * width;
      gather(bins, width, rows + (<usize>from << 2), n, pairs, b, p);
    }
    let h = histograms;
    let k: u32 = 0;
    for (; k + 4 <= laneCount; k += 4) {
      addFour(b, width, n, p, lane(lanes, k), lane(lanes, k + 1), lane(lanes, k + 2), lane(lanes, k + 3), h);
      h += 16384;
    }
    for (; k < laneCount; k++) {
      addOne(b + lane(lanes, k), width, n, p, h);
      h += 4096;
    }
  }
}

// @ts-ignore: decorator
@inline function lane(lanes: usize, k: u32): usize {
  return <usize>load<u16>(lanes + (<usize>k << 1));
}

function addFour(
  bins: usize,
  width: usize,
  n: u32,
  pairs: usize,
  lane0: usize,
  lane1: usize,
  lane2: usize,
  lane3: usize,
  h: usize,
): void {
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs));
    let p = h + (<usize>load<u8>(bins + lane0) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    p = h + (<usize>load<u8>(bins + lane1) << 4);
    v128.store(p, f64x2.add(v128.load(p, 4096), pair), 4096);
    p = h + (<usize>load<u8>(bins + lane2) << 4);
    v128.store(p, f64x2.add(v128.load(p, 8192), pair), 8192);
    p = h + (<usize>load<u8>(bins + lane3) << 4);
    v128.store(p, f64x2.add(v128.load(p, 12288), pair), 12288);
    bins += width;
    pairs += 8;
  }
}

function addOne(bins: usize, width: usize, n: u32, pairs: usize, h: usize): void {
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const p = h + (<usize>load<u8>(bins) << 4);
    v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(v128.load64_zero(pairs))));
    bins += width;
    pairs += 8;
  }
}
