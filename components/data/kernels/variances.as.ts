// asc: --importMemory
// Variances of four windows in one loop, two to a vector: each is what moments.ts computes for one, but while one waits for its division the
// others go on. Columns end on the same day; shorter ones join later. `lanes` are four descriptors of five i32: x, two outputs, rows, window.
// Where nothing is missing any more a shorter loop takes over. Measured without gain: sums and means in the same way, which wait for nothing.

// @ts-ignore: decorator
@inline function field(lanes: usize, lane: i32, k: i32): i32 {
  return load<i32>(lanes + <usize>(20 * lane + 4 * k));
}
// @ts-ignore: decorator
@inline function longest(lanes: usize): i32 {
  let n = 0;
  for (let lane = 0; lane < 4; lane++) n = max<i32>(n, field(lanes, lane, 3));
  return n;
}
/** Rows of the longest column until every window is full and has lost its column's first row, which often is missing. */
// @ts-ignore: decorator
@inline function rowsToFill(lanes: usize, total: i32): i32 {
  let rows = 0;
  for (let lane = 0; lane < 4; lane++) {
    const n = field(lanes, lane, 3);
    rows = max<i32>(rows, total - n + min<i32>(n, field(lanes, lane, 4)));
  }
  return min<i32>(rows + 1, total);
}
/** Where the row of the longest column would be in a column that begins later. */
// @ts-ignore: decorator
@inline function start(lanes: usize, lane: i32, k: i32, total: i32): usize {
  return <usize>field(lanes, lane, k) - ((<usize>(total - field(lanes, lane, 3))) << 3);
}
// @ts-ignore: decorator
@inline function leaving(lanes: usize, lane: i32, total: i32): usize {
  return start(lanes, lane, 0, total) - ((<usize>field(lanes, lane, 4)) << 3);
}
// @ts-ignore: decorator
@inline function both(p: usize, q: usize): v128 {
  return v128.load64_lane(q, v128.load64_zero(p), 1);
}
/** NaN for a row that the column, or its window, does not have yet. */
// @ts-ignore: decorator
@inline function early(lanes: usize, lane: i32, t: i32, total: i32, behind: bool): f64 {
  const n = field(lanes, lane, 3);
  const i = t - (total - n) - (behind ? min<i32>(n, field(lanes, lane, 4)) : 0);
  return i >= 0 ? load<f64>(<usize>field(lanes, lane, 0) + ((<usize>i) << 3)) : NaN;
}
// @ts-ignore: decorator
@inline function earlyPair(lanes: usize, lane: i32, t: i32, total: i32, behind: bool): v128 {
  return f64x2.replace_lane(f64x2.splat(early(lanes, lane, t, total, behind)), 1, early(lanes, lane + 1, t, total, behind));
}
// @ts-ignore: decorator
@inline function putEarly(lanes: usize, lane: i32, k: i32, t: i32, total: i32, v: v128): void {
  if (t >= total - field(lanes, lane, 3)) v128.store64_lane(start(lanes, lane, k, total) + ((<usize>t) << 3), v, 0);
  if (t >= total - field(lanes, lane + 1, 3)) v128.store64_lane(start(lanes, lane + 1, k, total) + ((<usize>t) << 3), v, 1);
}
// @ts-ignore: decorator
@inline function present(v: v128): v128 {
  return f64x2.eq(v, v);
}
/** 1 where the mask holds. */
// @ts-ignore: decorator
@inline function ones(mask: v128): v128 {
  return v128.and(mask, f64x2.splat(1));
}
// @ts-ignore: decorator
@inline function varianceOf(squares: v128, count: v128, same: v128): v128 {
  const result = f64x2.div(squares, f64x2.sub(count, f64x2.splat(1)));
  return v128.bitselect(f64x2.splat(NaN), v128.andnot(result, f64x2.ge(same, count)), f64x2.lt(count, f64x2.splat(2)));
}
// @ts-ignore: decorator
@inline function rootOf(variance: v128): v128 {
  return v128.andnot(f64x2.sqrt(variance), f64x2.lt(variance, f64x2.splat(0)));
}

/** Whether nothing is missing where every window is full, and each holds two rows or more. */
// @ts-ignore: decorator
@inline function isWhole(lanes: usize, full: i32, total: i32): bool {
  for (let lane = 0; lane < 4; lane++) {
    const n = field(lanes, lane, 3), w = field(lanes, lane, 4), x = <usize>field(lanes, lane, 0);
    if (w < 2) return false;
    for (let i = full - (total - n) - min<i32>(n, w); i < n; i++) {
      const v = load<f64>(x + ((<usize>i) << 3));
      if (v != v) return false;
    }
  }
  return true;
}
// @ts-ignore: decorator
@inline function windowsOf(lanes: usize, lane: i32): v128 {
  return f64x2.replace_lane(f64x2.splat(<f64>field(lanes, lane, 4)), 1, <f64>field(lanes, lane + 1, 4));
}

/** The outputs of a lane are the variance and the deviation. */
export function variances4(lanes: usize): void {
  const rows = longest(lanes), full = rowsToFill(lanes, rows), zero = f64x2.splat(0), one = f64x2.splat(1);
  const x0 = start(lanes, 0, 0, rows), x1 = start(lanes, 1, 0, rows), x2 = start(lanes, 2, 0, rows), x3 = start(lanes, 3, 0, rows);
  const l0 = leaving(lanes, 0, rows), l1 = leaving(lanes, 1, rows), l2 = leaving(lanes, 2, rows), l3 = leaving(lanes, 3, rows);
  const v0 = start(lanes, 0, 1, rows), v1 = start(lanes, 1, 1, rows), v2 = start(lanes, 2, 1, rows), v3 = start(lanes, 3, 1, rows);
  const d0 = start(lanes, 0, 2, rows), d1 = start(lanes, 1, 2, rows), d2 = start(lanes, 2, 2, rows), d3 = start(lanes, 3, 2, rows);
  let meanA = zero, squaresA = zero, addingA = zero, removingA = zero, countA = zero, sameA = zero, previousA = f64x2.splat(NaN);
  let meanB = zero, squaresB = zero, addingB = zero, removingB = zero, countB = zero, sameB = zero, previousB = f64x2.splat(NaN);
  const whole = isWhole(lanes, full, rows);
  let t = 0;
  for (; t < rows; t++) {
    if (whole && t >= full) break;
    const o = (<usize>t) << 3;
    let oldA: v128, oldB: v128, newA: v128, newB: v128;
    if (t >= full) {
      oldA = both(l0 + o, l1 + o);
      oldB = both(l2 + o, l3 + o);
      newA = both(x0 + o, x1 + o);
      newB = both(x2 + o, x3 + o);
    } else {
      oldA = earlyPair(lanes, 0, t, rows, true);
      oldB = earlyPair(lanes, 2, t, rows, true);
      newA = earlyPair(lanes, 0, t, rows, false);
      newB = earlyPair(lanes, 2, t, rows, false);
    }
    // what leaves: a window that it empties begins anew
    let maskA = present(oldA), maskB = present(oldB);
    countA = f64x2.sub(countA, ones(maskA));
    countB = f64x2.sub(countB, ones(maskB));
    const moreA = f64x2.gt(countA, zero), moreB = f64x2.gt(countB, zero);
    const emptyA = v128.andnot(maskA, moreA), emptyB = v128.andnot(maskB, moreB);
    maskA = v128.and(maskA, moreA);
    maskB = v128.and(maskB, moreB);
    let beforeA = f64x2.sub(meanA, removingA), beforeB = f64x2.sub(meanB, removingB);
    let yA = f64x2.sub(oldA, removingA), yB = f64x2.sub(oldB, removingB);
    let stepA = f64x2.sub(yA, meanA), stepB = f64x2.sub(yB, meanB);
    removingA = v128.bitselect(f64x2.sub(f64x2.add(stepA, meanA), yA), removingA, maskA);
    removingB = v128.bitselect(f64x2.sub(f64x2.add(stepB, meanB), yB), removingB, maskB);
    let nextA = f64x2.sub(meanA, f64x2.div(stepA, countA)), nextB = f64x2.sub(meanB, f64x2.div(stepB, countB));
    const lessA = f64x2.sub(squaresA, f64x2.mul(f64x2.sub(oldA, beforeA), f64x2.sub(oldA, nextA)));
    const lessB = f64x2.sub(squaresB, f64x2.mul(f64x2.sub(oldB, beforeB), f64x2.sub(oldB, nextB)));
    meanA = v128.andnot(v128.bitselect(nextA, meanA, maskA), emptyA);
    meanB = v128.andnot(v128.bitselect(nextB, meanB, maskB), emptyB);
    squaresA = v128.andnot(v128.bitselect(lessA, squaresA, maskA), emptyA);
    squaresB = v128.andnot(v128.bitselect(lessB, squaresB, maskB), emptyB);

    maskA = present(newA);
    maskB = present(newB);
    countA = f64x2.add(countA, ones(maskA));
    countB = f64x2.add(countB, ones(maskB));
    sameA = v128.bitselect(f64x2.add(v128.and(sameA, f64x2.eq(newA, previousA)), one), sameA, maskA);
    sameB = v128.bitselect(f64x2.add(v128.and(sameB, f64x2.eq(newB, previousB)), one), sameB, maskB);
    previousA = v128.bitselect(newA, previousA, maskA);
    previousB = v128.bitselect(newB, previousB, maskB);
    beforeA = f64x2.sub(meanA, addingA);
    beforeB = f64x2.sub(meanB, addingB);
    yA = f64x2.sub(newA, addingA);
    yB = f64x2.sub(newB, addingB);
    stepA = f64x2.sub(yA, meanA);
    stepB = f64x2.sub(yB, meanB);
    addingA = v128.bitselect(f64x2.sub(f64x2.add(stepA, meanA), yA), addingA, maskA);
    addingB = v128.bitselect(f64x2.sub(f64x2.add(stepB, meanB), yB), addingB, maskB);
    nextA = f64x2.add(meanA, f64x2.div(stepA, countA));
    nextB = f64x2.add(meanB, f64x2.div(stepB, countB));
    squaresA = v128.bitselect(f64x2.add(squaresA, f64x2.mul(f64x2.sub(newA, beforeA), f64x2.sub(newA, nextA))), squaresA, maskA);
    squaresB = v128.bitselect(f64x2.add(squaresB, f64x2.mul(f64x2.sub(newB, beforeB), f64x2.sub(newB, nextB))), squaresB, maskB);
    meanA = v128.bitselect(nextA, meanA, maskA);
    meanB = v128.bitselect(nextB, meanB, maskB);

    const varianceA = varianceOf(squaresA, countA, sameA), varianceB = varianceOf(squaresB, countB, sameB);
    const rootA = rootOf(varianceA), rootB = rootOf(varianceB);
    if (t >= full) {
      v128.store64_lane(v0 + o, varianceA, 0);
      v128.store64_lane(v1 + o, varianceA, 1);
      v128.store64_lane(v2 + o, varianceB, 0);
      v128.store64_lane(v3 + o, varianceB, 1);
      v128.store64_lane(d0 + o, rootA, 0);
      v128.store64_lane(d1 + o, rootA, 1);
      v128.store64_lane(d2 + o, rootB, 0);
      v128.store64_lane(d3 + o, rootB, 1);
    } else {
      putEarly(lanes, 0, 1, t, rows, varianceA);
      putEarly(lanes, 2, 1, t, rows, varianceB);
      putEarly(lanes, 0, 2, t, rows, rootA);
      putEarly(lanes, 2, 2, t, rows, rootB);
    }
  }

  // the same where each row takes one value in and another one out
  countA = windowsOf(lanes, 0);
  countB = windowsOf(lanes, 2);
  const lessA = f64x2.sub(countA, one), lessB = f64x2.sub(countB, one);
  for (; t < rows; t++) {
    const o = (<usize>t) << 3;
    const oldA = both(l0 + o, l1 + o), oldB = both(l2 + o, l3 + o), newA = both(x0 + o, x1 + o), newB = both(x2 + o, x3 + o);
    let beforeA = f64x2.sub(meanA, removingA), beforeB = f64x2.sub(meanB, removingB);
    let yA = f64x2.sub(oldA, removingA), yB = f64x2.sub(oldB, removingB);
    let stepA = f64x2.sub(yA, meanA), stepB = f64x2.sub(yB, meanB);
    removingA = f64x2.sub(f64x2.add(stepA, meanA), yA);
    removingB = f64x2.sub(f64x2.add(stepB, meanB), yB);
    meanA = f64x2.sub(meanA, f64x2.div(stepA, lessA));
    meanB = f64x2.sub(meanB, f64x2.div(stepB, lessB));
    squaresA = f64x2.sub(squaresA, f64x2.mul(f64x2.sub(oldA, beforeA), f64x2.sub(oldA, meanA)));
    squaresB = f64x2.sub(squaresB, f64x2.mul(f64x2.sub(oldB, beforeB), f64x2.sub(oldB, meanB)));

    sameA = f64x2.add(v128.and(sameA, f64x2.eq(newA, previousA)), one);
    sameB = f64x2.add(v128.and(sameB, f64x2.eq(newB, previousB)), one);
    previousA = newA;
    previousB = newB;
    beforeA = f64x2.sub(meanA, addingA);
    beforeB = f64x2.sub(meanB, addingB);
    yA = f64x2.sub(newA, addingA);
    yB = f64x2.sub(newB, addingB);
    stepA = f64x2.sub(yA, meanA);
    stepB = f64x2.sub(yB, meanB);
    addingA = f64x2.sub(f64x2.add(stepA, meanA), yA);
    addingB = f64x2.sub(f64x2.add(stepB, meanB), yB);
    meanA = f64x2.add(meanA, f64x2.div(stepA, countA));
    meanB = f64x2.add(meanB, f64x2.div(stepB, countB));
    squaresA = f64x2.add(squaresA, f64x2.mul(f64x2.sub(newA, beforeA), f64x2.sub(newA, meanA)));
    squaresB = f64x2.add(squaresB, f64x2.mul(f64x2.sub(newB, beforeB), f64x2.sub(newB, meanB)));

    const varianceA = v128.andnot(f64x2.div(squaresA, lessA), f64x2.ge(sameA, countA));
    const varianceB = v128.andnot(f64x2.div(squaresB, lessB), f64x2.ge(sameB, countB));
    const rootA = rootOf(varianceA), rootB = rootOf(varianceB);
    v128.store64_lane(v0 + o, varianceA, 0);
    v128.store64_lane(v1 + o, varianceA, 1);
    v128.store64_lane(v2 + o, varianceB, 0);
    v128.store64_lane(v3 + o, varianceB, 1);
    v128.store64_lane(d0 + o, rootA, 0);
    v128.store64_lane(d1 + o, rootA, 1);
    v128.store64_lane(d2 + o, rootB, 0);
    v128.store64_lane(d3 + o, rootB, 1);
  }
}
