// asc: --importMemory
// Two windows side by side in the two lanes of a vector: each lane does what moments.ts does for one. The columns end on the same day; the
// shorter one joins later, and until then its lane sees missing values.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
/** Values `w` rows before the rows i and j, NaN where there are none. */
// @ts-ignore: decorator
@inline function lanes(x: usize, i: i32, v: i32, y: usize, j: i32, w: i32): v128 {
  const a: f64 = i >= v ? at(x, i - v) : NaN;
  const b: f64 = j >= w ? at(y, j - w) : NaN;
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}
// @ts-ignore: decorator
@inline function select(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}
// @ts-ignore: decorator
@inline function write(p: usize, i: i32, v: f64): void {
  if (p && i >= 0) store<f64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline function longer(n: i32, m: i32): i32 {
  return n > m ? n : m;
}

export function variance2(x: usize, xVariance: usize, xDeviation: usize, n: i32, v: i32, y: usize, yVariance: usize, yDeviation: usize, m: i32, w: i32): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), two = f64x2.splat(2), missing = f64x2.splat(NaN);
  let mean = zero, squares = zero, adding = zero, removing = zero, count = zero, same = zero, previous = missing;
  const total = longer(n, m);
  for (let t = 0; t < total; t++) {
    const i = t - (total - n), j = t - (total - m);
    if (i >= v || j >= w) {
      const old = lanes(x, i, v, y, j, w);
      const there = f64x2.eq(old, old);
      count = f64x2.sub(count, v128.and(there, one));
      const left = v128.and(there, f64x2.gt(count, zero));
      const before = f64x2.sub(mean, removing), d = f64x2.sub(old, removing), step = f64x2.sub(d, mean);
      const lost = f64x2.sub(f64x2.add(step, mean), d);
      const next = f64x2.sub(mean, f64x2.div(step, count));
      const less = f64x2.sub(squares, f64x2.mul(f64x2.sub(old, before), f64x2.sub(old, next)));
      removing = select(left, lost, removing);
      mean = select(left, next, v128.andnot(mean, v128.andnot(there, left)));
      squares = select(left, less, v128.andnot(squares, v128.andnot(there, left)));
    }
    const value = lanes(x, i, 0, y, j, 0);
    const there = f64x2.eq(value, value);
    count = f64x2.add(count, v128.and(there, one));
    same = select(there, select(f64x2.eq(value, previous), f64x2.add(same, one), one), same);
    previous = select(there, value, previous);
    const before = f64x2.sub(mean, adding), d = f64x2.sub(value, adding), step = f64x2.sub(d, mean);
    const lost = f64x2.sub(f64x2.add(step, mean), d);
    const next = f64x2.add(mean, f64x2.div(step, count));
    const more = f64x2.add(squares, f64x2.mul(f64x2.sub(value, before), f64x2.sub(value, next)));
    adding = select(there, lost, adding);
    mean = select(there, next, mean);
    squares = select(there, more, squares);
    let result = select(f64x2.ge(same, count), zero, f64x2.div(squares, f64x2.sub(count, one)));
    result = select(f64x2.lt(count, two), missing, result);
    const root = select(f64x2.lt(result, zero), zero, f64x2.sqrt(result));
    write(xVariance, i, f64x2.extract_lane(result, 0));
    write(yVariance, j, f64x2.extract_lane(result, 1));
    write(xDeviation, i, f64x2.extract_lane(root, 0));
    write(yDeviation, j, f64x2.extract_lane(root, 1));
  }
}

// @ts-ignore: decorator
@inline function compensated(means: bool, x: usize, xOut: usize, n: i32, v: i32, y: usize, yOut: usize, m: i32, w: i32): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), missing = f64x2.splat(NaN);
  let sum = zero, adding = zero, removing = zero, count = zero, same = zero, previous = missing, negative = zero;
  const total = longer(n, m);
  for (let t = 0; t < total; t++) {
    const i = t - (total - n), j = t - (total - m);
    if (i >= v || j >= w) {
      const old = lanes(x, i, v, y, j, w);
      const there = f64x2.eq(old, old);
      count = f64x2.sub(count, v128.and(there, one));
      const d = f64x2.sub(f64x2.neg(old), removing), next = f64x2.add(sum, d);
      removing = select(there, f64x2.sub(f64x2.sub(next, sum), d), removing);
      sum = select(there, next, sum);
      if (means) negative = f64x2.sub(negative, v128.and(v128.and(there, i64x2.shr_s(old, 63)), one));
    }
    const value = lanes(x, i, 0, y, j, 0);
    const there = f64x2.eq(value, value);
    count = f64x2.add(count, v128.and(there, one));
    const d = f64x2.sub(value, adding), next = f64x2.add(sum, d);
    adding = select(there, f64x2.sub(f64x2.sub(next, sum), d), adding);
    sum = select(there, next, sum);
    if (means) negative = f64x2.add(negative, v128.and(v128.and(there, i64x2.shr_s(value, 63)), one));
    same = select(there, select(f64x2.eq(value, previous), f64x2.add(same, one), one), same);
    previous = select(there, value, previous);
    const uniform = f64x2.ge(same, count);
    let result: v128;
    if (means) {
      result = f64x2.div(sum, count);
      const wrong = v128.or(
        v128.and(f64x2.eq(negative, zero), f64x2.lt(result, zero)),
        v128.and(f64x2.eq(negative, count), f64x2.gt(result, zero)),
      );
      result = select(uniform, previous, v128.andnot(result, wrong));
    } else result = select(uniform, f64x2.mul(previous, count), sum);
    result = select(f64x2.gt(count, zero), result, missing);
    write(xOut, i, f64x2.extract_lane(result, 0));
    write(yOut, j, f64x2.extract_lane(result, 1));
  }
}

export function sum2(x: usize, xOut: usize, n: i32, v: i32, y: usize, yOut: usize, m: i32, w: i32): void {
  compensated(false, x, xOut, n, v, y, yOut, m, w);
}
export function mean2(x: usize, xOut: usize, n: i32, v: i32, y: usize, yOut: usize, m: i32, w: i32): void {
  compensated(true, x, xOut, n, v, y, yOut, m, w);
}
