const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The smallest double above `x` (C's nextafter(x, INFINITY)); NaN and +Infinity stay. */
export function nextUp(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return Number.MIN_VALUE;
  float[0] = x;
  bits[0] = bits[0]! + (x > 0 ? 1n : -1n);
  return float[0]!;
}
