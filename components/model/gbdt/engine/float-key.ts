/**
 * Ordered keys of float32 values: integers that sort as the values do (negative values have all bits but the sign flipped), so that
 * bins are found by comparing integers.
 */
export function floatKey(bits: number): number {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Above the keys of all numbers. */
export const highestKey = 0x7fffffff;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Key of the largest float32 that is not above the double `bound`; a float32 v is `<= bound` exactly if its key is not above this. */
export function keyOfBound(bound: number): number {
  if (bound === Number.POSITIVE_INFINITY) return highestKey;
  float[0] = bound;
  const key = floatKey(bits[0]!);
  return float[0]! > bound ? key - 1 : key;
}
