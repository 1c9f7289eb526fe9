// asc: --importMemory
// Element-wise kernels: see element.ts for what they compute.

// @ts-ignore: decorator
@inline function at<T>(p: usize, i: i32): T {
  return load<T>(p + ((<usize>i) << alignof<T>()));
}
// @ts-ignore: decorator
@inline function put<T>(p: usize, i: i32, v: T): void {
  store<T>(p + ((<usize>i) << alignof<T>()), v);
}

/** Two float32 as float64. */
// @ts-ignore: decorator
@inline function two(x: usize, i: i32): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x + ((<usize>i) << 2)));
}
export function widen(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(out + ((<usize>i) << 3), two(x, i));
  for (; i < n; i++) put<f64>(out, i, <f64>at<f32>(x, i));
}
export function narrow(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const from = x + ((<usize>i) << 3);
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from + 16));
    v128.store(out + ((<usize>i) << 2), v128.shuffle<f32>(low, high, 0, 1, 4, 5));
  }
  for (; i < n; i++) put<f32>(out, i, <f32>at<f64>(x, i));
}
// @ts-ignore: decorator
@inline function finite2(v: v128): v128 {
  return v128.bitselect(v, f64x2.splat(NaN), f64x2.eq(f64x2.sub(v, v), f64x2.splat(0)));
}
export function finite32(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(out + ((<usize>i) << 3), finite2(two(x, i)));
  for (; i < n; i++) {
    const v = <f64>at<f32>(x, i);
    put<f64>(out, i, v - v == 0 ? v : NaN);
  }
}
export function finite64(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(out + ((<usize>i) << 3), finite2(v128.load(x + ((<usize>i) << 3))));
  for (; i < n; i++) {
    const v = at<f64>(x, i);
    put<f64>(out, i, v - v == 0 ? v : NaN);
  }
}

// op: 0 add, 1 sub, 2 mul, 3 div, 4 max, 5 min; mode: 0 both columns, 1 number on the right, 2 number on the left
// @ts-ignore: decorator
@inline function larger<T>(a: T, b: T): T {
  return a >= b || a != a ? a : b;
}
// @ts-ignore: decorator
@inline function smaller<T>(a: T, b: T): T {
  return a <= b || a != a ? a : b;
}

// Two (f64) or four (f32) at a time, the rest of the rows one by one.
// @ts-ignore: decorator
@inline function four<T>(op: i32, a: v128, b: v128): v128 {
  if (op == 0) return v128.add<T>(a, b);
  if (op == 1) return v128.sub<T>(a, b);
  if (op == 2) return v128.mul<T>(a, b);
  if (op == 3) return v128.div<T>(a, b);
  const first = op == 4 ? v128.ge<T>(a, b) : v128.le<T>(a, b);
  return v128.bitselect(a, b, v128.or(first, v128.ne<T>(a, a)));
}
// @ts-ignore: decorator
@inline function one<T>(op: i32, a: T, b: T): T {
  if (op == 0) return <T>(a + b);
  if (op == 1) return <T>(a - b);
  if (op == 2) return <T>(a * b);
  if (op == 3) return <T>(a / b);
  return op == 4 ? larger<T>(a, b) : smaller<T>(a, b);
}
// @ts-ignore: decorator
@inline function loop<T>(op: i32, mode: i32, x: usize, y: usize, s: T, out: usize, n: i32): void {
  let i = 0;
  const lanes = 16 >> alignof<T>();
  const number = v128.splat<T>(s);
  for (; i + lanes <= n; i += lanes) {
    const o = (<usize>i) << alignof<T>();
    const a = mode == 2 ? number : v128.load(x + o);
    const b = mode == 1 ? number : v128.load(y + o);
    v128.store(out + o, four<T>(op, a, b));
  }
  for (; i < n; i++) put<T>(out, i, one<T>(op, mode == 2 ? s : at<T>(x, i), mode == 1 ? s : at<T>(y, i)));
}
// @ts-ignore: decorator
@inline function byMode<T>(op: i32, mode: i32, x: usize, y: usize, s: T, out: usize, n: i32): void {
  if (mode == 0) loop<T>(op, 0, x, y, s, out, n);
  else if (mode == 1) loop<T>(op, 1, x, y, s, out, n);
  else loop<T>(op, 2, x, y, s, out, n);
}
// @ts-ignore: decorator
@inline function arithmetic<T>(op: i32, mode: i32, x: usize, y: usize, s: T, out: usize, n: i32): void {
  if (op == 0) byMode<T>(0, mode, x, y, s, out, n);
  else if (op == 1) byMode<T>(1, mode, x, y, s, out, n);
  else if (op == 2) byMode<T>(2, mode, x, y, s, out, n);
  else if (op == 3) byMode<T>(3, mode, x, y, s, out, n);
  else if (op == 4) byMode<T>(4, mode, x, y, s, out, n);
  else byMode<T>(5, mode, x, y, s, out, n);
}
export function arithmetic32(op: i32, mode: i32, x: usize, y: usize, s: f64, out: usize, n: i32): void {
  arithmetic<f32>(op, mode, x, y, <f32>s, out, n);
}
export function arithmetic64(op: i32, mode: i32, x: usize, y: usize, s: f64, out: usize, n: i32): void {
  arithmetic<f64>(op, mode, x, y, s, out, n);
}

// op: 0 gt, 1 ge, 2 lt, 3 le, 4 eq, 5 ne
// @ts-ignore: decorator
@inline function holds<T>(op: i32, a: T, b: T): f64 {
  if (op == 0) return a > b ? 1 : 0;
  if (op == 1) return a >= b ? 1 : 0;
  if (op == 2) return a < b ? 1 : 0;
  if (op == 3) return a <= b ? 1 : 0;
  if (op == 4) return a == b ? 1 : 0;
  return a != b ? 1 : 0;
}
// @ts-ignore: decorator
@inline function holds2(op: i32, a: v128, b: v128): v128 {
  const one = f64x2.splat(1);
  if (op == 0) return v128.and(f64x2.gt(a, b), one);
  if (op == 1) return v128.and(f64x2.ge(a, b), one);
  if (op == 2) return v128.and(f64x2.lt(a, b), one);
  if (op == 3) return v128.and(f64x2.le(a, b), one);
  if (op == 4) return v128.and(f64x2.eq(a, b), one);
  return v128.and(f64x2.ne(a, b), one);
}
// @ts-ignore: decorator
@inline function pair<T>(x: usize, i: i32): v128 {
  return sizeof<T>() == 4 ? two(x, i) : v128.load(x + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function compare<T>(op: i32, mode: i32, x: usize, y: usize, s: T, out: usize, n: i32): void {
  let i = 0;
  const number = f64x2.splat(<f64>s);
  for (; i + 2 <= n; i += 2) {
    const a = mode == 2 ? number : pair<T>(x, i);
    const b = mode == 1 ? number : pair<T>(y, i);
    v128.store(out + ((<usize>i) << 3), holds2(op, a, b));
  }
  for (; i < n; i++) put<f64>(out, i, holds<T>(op, mode == 2 ? s : at<T>(x, i), mode == 1 ? s : at<T>(y, i)));
}
export function compare32(op: i32, mode: i32, x: usize, y: usize, s: f64, out: usize, n: i32): void {
  compare<f32>(op, mode, x, y, <f32>s, out, n);
}
export function compare64(op: i32, mode: i32, x: usize, y: usize, s: f64, out: usize, n: i32): void {
  compare<f64>(op, mode, x, y, s, out, n);
}

export function logic(and: i32, x: usize, y: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const a = at<f64>(x, i), b = at<f64>(y, i);
    const p = a != 0 && a == a, q = b != 0 && b == b;
    put<f64>(out, i, (and ? p && q : p || q) ? 1 : 0);
  }
}

// @ts-ignore: decorator
@inline function where<T>(condition: usize, x: usize, a: T, y: usize, b: T, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    if (at<f64>(condition, i) != 0) put<T>(out, i, x ? at<T>(x, i) : a);
    else put<T>(out, i, y ? at<T>(y, i) : b);
  }
}
export function where32(condition: usize, x: usize, a: f64, y: usize, b: f64, out: usize, n: i32): void {
  where<f32>(condition, x, <f32>a, y, <f32>b, out, n);
}
export function where64(condition: usize, x: usize, a: f64, y: usize, b: f64, out: usize, n: i32): void {
  where<f64>(condition, x, a, y, b, out, n);
}

export function absolute32(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(out + ((<usize>i) << 2), f32x4.abs(v128.load(x + ((<usize>i) << 2))));
  for (; i < n; i++) put<f32>(out, i, abs<f32>(at<f32>(x, i)));
}
export function absolute64(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(out + ((<usize>i) << 3), f64x2.abs(v128.load(x + ((<usize>i) << 3))));
  for (; i < n; i++) put<f64>(out, i, abs<f64>(at<f64>(x, i)));
}
export function sign32(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const v = at<f32>(x, i);
    put<f32>(out, i, v > 0 ? 1 : v < 0 ? -1 : v == 0 ? 0 : NaN);
  }
}
export function invert(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(out, i, at<f64>(x, i) == 0 ? 1 : 0);
}

// @ts-ignore: decorator
@inline function shift<T>(x: usize, out: usize, n: i32, k: i32): void {
  let low = k > 0 ? k : 0;
  let high = k > 0 ? n : n + k;
  if (low > n) low = n;
  if (high < low) high = low;
  for (let i = 0; i < low; i++) put<T>(out, i, <T>NaN);
  if (high > low) memory.copy(out + ((<usize>low) << alignof<T>()), x + ((<usize>(low - k)) << alignof<T>()), (<usize>(high - low)) << alignof<T>());
  for (let i = high; i < n; i++) put<T>(out, i, <T>NaN);
}
export function shift32(x: usize, out: usize, n: i32, k: i32): void {
  shift<f32>(x, out, n, k);
}
export function shift64(x: usize, out: usize, n: i32, k: i32): void {
  shift<f64>(x, out, n, k);
}
export function first32(x: usize, out: usize, n: i32): void {
  const v = at<f32>(x, 0);
  for (let i = 0; i < n; i++) put<f32>(out, i, v);
}
export function first64(x: usize, out: usize, n: i32): void {
  const v = at<f64>(x, 0);
  for (let i = 0; i < n; i++) put<f64>(out, i, v);
}

// numpy's float32 logarithm: see log32.ts
// @ts-ignore: decorator
@inline function r(v: f64): f64 {
  return <f64>(<f32>v);
}
// @ts-ignore: decorator
@inline const ln2: f64 = <f64>(<f32>0.6931471805599453);
// @ts-ignore: decorator
@inline function r2(v: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v));
}
// @ts-ignore: decorator
@inline function step2(sum: v128, m: v128, c: f64): v128 {
  return r2(f64x2.add(f64x2.mul(sum, m), f64x2.splat(c)));
}
/** Of two values that are above 0, finite and not subnormal, by their bits. */
// @ts-ignore: decorator
@inline function log2values(bits: v128): v128 {
  let exponent = f64x2.convert_low_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(127)));
  let m = f64x2.promote_low_f32x4(v128.or(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000)));
  const large = f64x2.gt(m, f64x2.splat(<f64>(<f32>1.4142135623730951)));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, large);
  exponent = f64x2.add(exponent, v128.and(large, f64x2.splat(1)));
  m = r2(f64x2.sub(m, f64x2.splat(1)));
  let above = f64x2.splat(<f64>(<f32>0.025899791179079227));
  above = step2(above, m, <f64>(<f32>0.3808837741388408));
  above = step2(above, m, <f64>(<f32>1.4800006335765066));
  above = step2(above, m, <f64>(<f32>2.112677543073053));
  above = step2(above, m, 1);
  above = r2(f64x2.mul(above, m));
  let below = f64x2.splat(<f64>(<f32>0.005875095403124574));
  below = step2(below, m, <f64>(<f32>0.15464763749839067));
  below = step2(below, m, <f64>(<f32>0.9864942958519418));
  below = step2(below, m, <f64>(<f32>2.4530060717847364));
  below = step2(below, m, <f64>(<f32>2.612677543073109));
  below = step2(below, m, 1);
  return f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(exponent, f64x2.splat(ln2)), r2(f64x2.div(above, below))));
}
// @ts-ignore: decorator
@inline function log1value(value: f32): f32 {
  if (!(value > 0)) return value == 0 ? -Infinity : NaN;
  if (value == Infinity) return value;
  let bits = reinterpret<i32>(value);
  let exponent = (bits >> 23) - 127;
  if (exponent == -127) {
    bits = reinterpret<i32>(value * <f32>1.2676506002282294e30);
    exponent = (bits >> 23) - 227;
  }
  let m = <f64>reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  if (m > <f64>(<f32>1.4142135623730951)) {
    m /= 2;
    exponent += 1;
  }
  m = r(m - 1);
  let above = <f64>(<f32>0.025899791179079227);
  above = r(above * m + <f64>(<f32>0.3808837741388408));
  above = r(above * m + <f64>(<f32>1.4800006335765066));
  above = r(above * m + <f64>(<f32>2.112677543073053));
  above = r(above * m + 1);
  above = r(above * m);
  let below = <f64>(<f32>0.005875095403124574);
  below = r(below * m + <f64>(<f32>0.15464763749839067));
  below = r(below * m + <f64>(<f32>0.9864942958519418));
  below = r(below * m + <f64>(<f32>2.4530060717847364));
  below = r(below * m + <f64>(<f32>2.612677543073109));
  below = r(below * m + 1);
  return <f32>(<f64>exponent * ln2 + r(above / below));
}
export function logarithm32(x: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = (<usize>i) << 2;
    const bits = v128.load64_zero(x + o);
    const usual = i32x4.lt_u(i32x4.sub(bits, i32x4.splat(0x00800000)), i32x4.splat(0x7f000000));
    if (i64x2.extract_lane(usual, 0) == -1) v128.store64_lane(out + o, log2values(bits), 0);
    else {
      put<f32>(out, i, log1value(at<f32>(x, i)));
      put<f32>(out, i + 1, log1value(at<f32>(x, i + 1)));
    }
  }
  for (; i < n; i++) put<f32>(out, i, log1value(at<f32>(x, i)));
}
