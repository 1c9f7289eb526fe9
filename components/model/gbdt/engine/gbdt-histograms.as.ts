// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Histograms: the same sums as reference/kernels.ts, in the order of the rows, so that they don't depend on threads or chunks.
// Rows are gathered in chunks, the bins of the wanted features side by side; then eight features at a time go over the chunk: their bins are one
// word of a row, their histograms (32 KiB) stay in the first-level cache. A pair (gradient, hessian) is added in one step.

import { gather, touchRows } from '../../hist/_rows.as';

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
  // where the wanted lanes are the first ones, rows are as they have to be
  const packs = lane(lanes, laneCount - 1) != <usize>(laneCount - 1);
  const stride = packs ? <usize>((laneCount + 7) & ~7) : width;
  if (packs) planPacking(lanes, laneCount, width, stage);
  const stagedBins = stage + 2 * max<usize>(width, held << 4);
  const stagedPairs = stagedBins + <usize>chunk * width + 16;
  for (let from: u32 = 0; from < count; from += chunk) {
    const n = min<u32>(chunk, count - from);
    let b = bins + <usize>from * width;
    let p = pairs + (<usize>from << 3);
    if (rows != 0) {
      const list = rows + (<usize>from << 2);
      if (packs) packRows(bins, width, list, n, stage, stagedBins, stride, pairs, stagedPairs);
      else gather(bins, width, list, n, pairs, stagedBins, stagedPairs);
      p = stagedPairs;
    } else if (packs) packRange(b, width, n, stage, stagedBins, stride);
    if (rows != 0 || packs) b = stagedBins;
    let h = histograms;
    let k: u32 = 0;
    for (; k + 8 <= laneCount; k += 8) {
      addWord<u64>(b + <usize>k, stride, n, p, h);
      h += 32768;
    }
    if (k + 4 <= laneCount) {
      addWord<u32>(b + <usize>k, stride, n, p, h);
      k += 4;
      h += 16384;
    }
    for (; k < laneCount; k++) {
      addOne(b + <usize>k, stride, n, p, h);
      h += 4096;
    }
  }
}

// @ts-ignore: decorator
@inline function lane(lanes: usize, k: u32): usize {
  return <usize>load<u16>(lanes + (<usize>k << 1));
}

/** Blocks of 16 lanes whose plan is held in registers. */
const held: usize = 5;
/**
 * Writes to `plan`, for each block of 16 lanes, which of them are wanted, one after the other, and how many are wanted before them. There are `held`
 * blocks at least: of those beyond the row nothing is wanted.
 */
function planPacking(lanes: usize, laneCount: u32, width: usize, plan: usize): void {
  const numbers = numbersOf(plan, width);
  let k: u32 = 0;
  for (let at: usize = 0; at < max<usize>(width, held << 4); at += 16) {
    store<u32>(numbers + (at >> 2), k);
    v128.store(plan + at, i8x16.splat(-1));
    for (let to = plan + at; k < laneCount; k++, to++) {
      const own = lane(lanes, k);
      if (own >= at + 16) break;
      store<u8>(to, <u8>(own - at));
    }
  }
}

/** Where the numbers of a plan stand. */
// @ts-ignore: decorator
@inline function numbersOf(plan: usize, width: usize): usize {
  return plan + max<usize>(width, held << 4);
}

// @ts-ignore: decorator
@inline function before(numbers: usize, block: usize): usize {
  return <usize>load<u32>(numbers + (block << 2));
}

/** The wanted bins of a row from block `held` on. */
// @ts-ignore: decorator
@inline function packRest(from: usize, width: usize, plan: usize, numbers: usize, to: usize): void {
  for (let at = held << 4; at < width; at += 16)
    v128.store(to + before(numbers, at >> 4), i8x16.swizzle(v128.load(from + at), v128.load(plan + at)));
}

/**
 * Copies the wanted bins of `n` rows that follow each other. What is written beyond the last bin of a row is written over by the next row's; what is read
 * beyond a row is not wanted.
 */
function packRange(from: usize, width: usize, n: u32, plan: usize, to: usize, stride: usize): void {
  const plan0 = v128.load(plan);
  const plan1 = v128.load(plan, 16);
  const plan2 = v128.load(plan, 32);
  const plan3 = v128.load(plan, 48);
  const plan4 = v128.load(plan, 64);
  const numbers = numbersOf(plan, width);
  const to1 = before(numbers, 1);
  const to2 = before(numbers, 2);
  const to3 = before(numbers, 3);
  const to4 = before(numbers, 4);
  const end = to + <usize>n * stride;
  for (; to < end; to += stride) {
    v128.store(to, i8x16.swizzle(v128.load(from), plan0));
    v128.store(to + to1, i8x16.swizzle(v128.load(from, 16), plan1));
    v128.store(to + to2, i8x16.swizzle(v128.load(from, 32), plan2));
    v128.store(to + to3, i8x16.swizzle(v128.load(from, 48), plan3));
    v128.store(to + to4, i8x16.swizzle(v128.load(from, 64), plan4));
    packRest(from, width, plan, numbers, to);
    from += width;
  }
}

/** The same of the rows of a list, and their pairs. */
function packRows(
  bins: usize,
  width: usize,
  rows: usize,
  n: u32,
  plan: usize,
  to: usize,
  stride: usize,
  pairs: usize,
  toPairs: usize,
): void {
  const plan0 = v128.load(plan);
  const plan1 = v128.load(plan, 16);
  const plan2 = v128.load(plan, 32);
  const plan3 = v128.load(plan, 48);
  const plan4 = v128.load(plan, 64);
  const numbers = numbersOf(plan, width);
  const to1 = before(numbers, 1);
  const to2 = before(numbers, 2);
  const to3 = before(numbers, 3);
  const to4 = before(numbers, 4);
  const end = rows + (<usize>n << 2);
  while (rows < end) {
    const stop = touchRows(bins, width, rows, end);
    for (; rows < stop; rows += 4) {
      const row = <usize>load<u32>(rows);
      store<u64>(toPairs, load<u64>(pairs + (row << 3)));
      toPairs += 8;
      const from = bins + row * width;
      v128.store(to, i8x16.swizzle(v128.load(from), plan0));
      v128.store(to + to1, i8x16.swizzle(v128.load(from, 16), plan1));
      v128.store(to + to2, i8x16.swizzle(v128.load(from, 32), plan2));
      v128.store(to + to3, i8x16.swizzle(v128.load(from, 48), plan3));
      v128.store(to + to4, i8x16.swizzle(v128.load(from, 64), plan4));
      packRest(from, width, plan, numbers, to);
      to += stride;
    }
  }
}

/** A feature for each byte of a word of the type W: four or eight. */
function addWord<W>(bins: usize, stride: usize, n: u32, pairs: usize, h: usize): void {
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs));
    const word = load<W>(bins);
    let p = h + ((<usize>word & 255) << 4);
    v128.store(p, f64x2.add(v128.load(p), pair));
    p = h + (<usize>(word >> 4) & 4080);
    v128.store(p, f64x2.add(v128.load(p, 4096), pair), 4096);
    p = h + (<usize>(word >> 12) & 4080);
    v128.store(p, f64x2.add(v128.load(p, 8192), pair), 8192);
    p = h + (<usize>(word >> 20) & 4080);
    v128.store(p, f64x2.add(v128.load(p, 12288), pair), 12288);
    if (sizeof<W>() == 8) {
      p = h + (<usize>(word >> 28) & 4080);
      v128.store(p, f64x2.add(v128.load(p, 16384), pair), 16384);
      p = h + (<usize>(word >> 36) & 4080);
      v128.store(p, f64x2.add(v128.load(p, 20480), pair), 20480);
      p = h + (<usize>(word >> 44) & 4080);
      v128.store(p, f64x2.add(v128.load(p, 24576), pair), 24576);
      p = h + (<usize>(word >> 52) & 4080);
      v128.store(p, f64x2.add(v128.load(p, 28672), pair), 28672);
    }
    bins += stride;
    pairs += 8;
  }
}

function addOne(bins: usize, stride: usize, n: u32, pairs: usize, h: usize): void {
  const end = pairs + (<usize>n << 3);
  while (pairs < end) {
    const p = h + (<usize>load<u8>(bins) << 4);
    v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(v128.load64_zero(pairs))));
    bins += stride;
    pairs += 8;
  }
}
