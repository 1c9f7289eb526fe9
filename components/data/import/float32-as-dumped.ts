import { floatText } from '../expression/python-value.ts';
import { pandasFloat } from './parse-float.ts';

/**
 * Units in the last place of a float64 by which writing and reading a number may move it: of 0.0001... only 13 digits are read, which is a unit of 1e-16, and
 * 1e-4 has some 9,000 such units.
 */
const reach = 2 ** 14;
/** Half of a float32's unit, in those units. */
const half = 2 ** 28;
const smallestNormal = 2 ** -126;

/**
 * Adjusted values as float32, as they come out of qlib's way: its normalizing scripts write a CSV file of them, which `dump_bin.py` reads with pandas, whose parser may
 * move a number by a unit in the last place (`pandasFloat`). That can be seen only of numbers that lie halfway between two float32; the others are not
 * written as text.
 */
export function float32AsDumped(values: Float64Array): Float32Array {
  const out = Float32Array.from(values);
  // low words: the last 29 bits of a float64 are those that a float32 lacks
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const beyond = words[2 * i]! & 0x1fffffff;
    const isNearTie = beyond > half - reach && beyond < half + reach;
    if (isNearTie || Math.abs(values[i]!) < smallestNormal) {
      const value = values[i]!;
      if (value !== 0 && Number.isFinite(value)) out[i] = pandasFloat(floatText(value));
    }
  }
  return out;
}
