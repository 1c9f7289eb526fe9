/**
 * Ordered keys of float32 values: unsigned integers that sort as the values do (negative values with all bits
 * flipped, others with the sign bit set), so that bins are found by comparing integers.
 */
export function floatKey(bits: number): number {
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> 0;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Key of the largest float32 that is not above the double `bound`; a float32 v is `<= bound` exactly if its key is not above this. */
export function keyOfBound(bound: number): number {
  if (bound === Number.POSITIVE_INFINITY) return 0xffffffff;
  float[0] = bound;
  const key = floatKey(bits[0]!);
  return float[0]! > bound ? (key - 1) >>> 0 : key;
}

/** Number of 16-bit prefixes of keys. */
export const prefixes = 65536;

/** For every prefix the first bin that a value with this prefix can be in, given the bins' ascending keys. */
export function fillFirstBins(keys: ArrayLike<number>, out: Uint8Array): void {
  let bin = 0;
  for (let prefix = 0; prefix < prefixes; prefix++) {
    const least = (prefix << 16) >>> 0;
    while (bin < keys.length - 1 && keys[bin]! < least) bin++;
    out[prefix] = bin;
  }
}
