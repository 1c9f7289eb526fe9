// asc: --importMemory
// Regression of windows on their row numbers: see regression.ts for what it computes.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function put(p: usize, i: i32, v: f64): void {
  store<f64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline function write(slope: usize, rsquare: usize, residual: usize, i: i32, count: f64, sx: f64, sxx: f64, sy: f64, syy: f64, sxy: f64, row: f64, last: f64): void {
  const covariance = count * sxy - sx * sy, spread = count * sxx - sx * sx;
  const b = covariance / spread;
  if (slope) put(slope, i, b);
  if (rsquare) {
    const r = covariance / sqrt<f64>(spread * (count * syy - sy * sy));
    put(rsquare, i, r * r);
  }
  if (residual) put(residual, i, last - (b * row + (sy / count - b * (sx / count))));
}

export function regression(x: usize, slope: usize, rsquare: usize, residual: usize, n: i32, w: i32): void {
  const rows = <f64>w;
  let count: f64 = 0, sx: f64 = 0, sxx: f64 = 0, sy: f64 = 0, syy: f64 = 0, sxy: f64 = 0;
  for (let i = 0; i < n; i++) {
    sxy -= sy;
    sxx = sxx + count - 2 * sx;
    sx -= count;
    if (i >= w) {
      const v = at(x, i - w);
      if (v == v) {
        count -= 1;
        sy -= v;
        syy -= v * v;
      }
    }
    const v = at(x, i);
    if (v == v) {
      count += 1;
      sx += rows;
      sxx += rows * rows;
      sy += v;
      syy += v * v;
      sxy += rows * v;
    }
    write(slope, rsquare, residual, i, count, sx, sxx, sy, syy, sxy, rows, v);
  }
}

export function expandingRegression(x: usize, slope: usize, rsquare: usize, residual: usize, n: i32): void {
  let count: f64 = 0, sx: f64 = 0, sxx: f64 = 0, sy: f64 = 0, syy: f64 = 0, sxy: f64 = 0;
  for (let i = 0; i < n; i++) {
    const v = at(x, i), row = <f64>(i + 1);
    if (v == v) {
      count += 1;
      sx += row;
      sxx += row * row;
      sy += v;
      syy += v * v;
      sxy += row * v;
    }
    write(slope, rsquare, residual, i, count, sx, sxx, sy, syy, sxy, row, v);
  }
}

export function dropFlat(x: usize, deviation: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = (<usize>i) << 3;
    const flat = f64x2.le(f64x2.abs(v128.load(deviation + o)), f64x2.splat(2e-5));
    v128.store(out + o, v128.bitselect(f64x2.splat(NaN), v128.load(x + o), flat));
  }
  for (; i < n; i++) put(out, i, abs<f64>(at(deviation, i)) <= 2e-5 ? NaN : at(x, i));
}
