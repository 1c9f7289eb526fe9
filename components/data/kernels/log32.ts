/** Coefficients of numpy's rational approximation of ln(1 + x) (numpy/core/src/umath/npy_simd_data.h), as float32. */
const p = [0, 1, 2.1126775, 1.4800006, 0.3808838, 0.025899792].map(Math.fround);
const q = [1, 2.6126776, 2.453006, 0.9864943, 0.15464764, 0.0058750954].map(Math.fround);
const rootTwo = Math.fround(Math.SQRT2);
const ln2 = Math.fround(Math.LN2);
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * Natural logarithm in float32 as numpy computes it on x86 with FMA, which differs from the correctly rounded one in the last bit of about 3 in
 * 100 values: ln(2^k m) = k ln 2 + P(m - 1) / Q(m - 1), m between the roots of 1/2 and 2. Each fused step is one float64 operation rounded to
 * float32, whose product is exact. Windows over such logarithms (CORR of Alpha158) show the difference.
 */
export function log32(value: number): number {
  if (!(value > 0)) return value === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (value === Number.POSITIVE_INFINITY) return value;
  float[0] = value;
  let exponent = (bits[0]! >> 23) - 127;
  if (exponent === -127) {
    // a denormal number
    float[0] = value * 2 ** 100;
    exponent = (bits[0]! >> 23) - 227;
  }
  bits[0] = (bits[0]! & 0x7fffff) | 0x3f800000;
  let x = float[0]!;
  if (x > rootTwo) {
    x /= 2;
    exponent += 1;
  }
  x = Math.fround(x - 1);
  let above = p[5]!;
  let below = q[5]!;
  for (let k = 4; k >= 0; k--) {
    above = Math.fround(above * x + p[k]!);
    below = Math.fround(below * x + q[k]!);
  }
  return Math.fround(exponent * ln2 + Math.fround(above / below));
}
