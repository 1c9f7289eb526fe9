import type { Time } from '../../components/core/dates.ts';
import type { Cells, DType } from '../../components/core/table.ts';

/** numpy's typestr of the dtypes that have a buffer. */
export const bufferTypes: Readonly<Record<Exclude<DType, 'object'>, string>> = {
  float64: 'f8',
  float32: 'f4',
  int64: 'i8',
  int32: 'i4',
  bool: 'b1',
  'datetime64[ns]': 'M8',
};

/** The bytes that numpy would hold for these cells; a view where the storage is the same already. */
export function cellBytes(dtype: Exclude<DType, 'object'>, cells: Cells): Uint8Array {
  switch (dtype) {
    case 'float64':
      return floatBytes(
        cells instanceof Float64Array ? cells : Float64Array.from(cells as ArrayLike<number>, Number),
      );
    case 'float32':
      return floatBytes(
        cells instanceof Float32Array ? cells : Float32Array.from(cells as ArrayLike<number>, Number),
      );
    case 'int64':
      return viewOf(cells instanceof BigInt64Array ? cells : bigints(cells as ArrayLike<number | bigint>));
    case 'int32':
      return viewOf(
        cells instanceof Int32Array ? cells : Int32Array.from(cells as ArrayLike<number>, Number),
      );
    case 'bool':
      return Uint8Array.from(cells as ArrayLike<number | boolean>, (x) => (x ? 1 : 0));
    case 'datetime64[ns]':
      return nanoseconds(cells as ArrayLike<Time>);
  }
}

/** The memory of a typed array as bytes. */
export function viewOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function bigints(cells: ArrayLike<number | bigint>): BigInt64Array {
  const out = new BigInt64Array(cells.length);
  for (let i = 0; i < cells.length; i++) out[i] = BigInt(cells[i]!);
  return out;
}

/** Every NaN gets the bits that numpy gives it: JavaScript engines leave them open, and equal input must give equal bytes. */
function floatBytes(cells: Float64Array | Float32Array): Uint8Array {
  const wide = cells instanceof Float64Array;
  const words = new Uint32Array(cells.buffer, cells.byteOffset, cells.byteLength / 4);
  const quiet = wide ? 0x7ff8_0000 : 0x7fc0_0000;
  const exponent = wide ? 0x7ff0_0000 : 0x7f80_0000;
  let odd = false;
  for (let i = 0, w = wide ? 1 : 0; i < cells.length && !odd; i++, w += wide ? 2 : 1)
    odd =
      (words[w]! & exponent) === exponent &&
      Number.isNaN(cells[i]) &&
      (words[w] !== quiet || (wide && words[w - 1] !== 0));
  if (!odd) return viewOf(cells);
  const copy = wide ? new Float64Array(cells) : new Float32Array(cells);
  const out = new Uint32Array(copy.buffer);
  for (let i = 0; i < copy.length; i++) {
    if (!Number.isNaN(copy[i])) continue;
    if (wide) {
      out[2 * i] = 0;
      out[2 * i + 1] = quiet;
    } else out[i] = quiet;
  }
  return viewOf(copy);
}

/**
 * Milliseconds to int64 nanoseconds without a BigInt a cell: ms = h·2²¹ + l, ns = h·10⁶·2²¹ + l·10⁶ in two words.
 * NaN is NaT, the smallest int64. A number of this size holds no more than microseconds, so they are what is kept.
 */
export function nanoseconds(times: ArrayLike<Time>): Uint8Array {
  const words = new Uint32Array(times.length * 2);
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (Number.isNaN(time)) {
      words[2 * i + 1] = 0x8000_0000;
      continue;
    }
    const whole = Math.floor(time);
    const high = Math.floor(whole / 0x20_0000);
    const low = (whole - high * 0x20_0000) * 1e6 + Math.round((time - whole) * 1e3) * 1e3;
    const scaled = high * 1e6;
    const upper = Math.floor(scaled / 2048);
    const rest = (scaled - upper * 2048) * 0x20_0000 + low;
    const carry = Math.floor(rest / 0x1_0000_0000);
    words[2 * i] = rest - carry * 0x1_0000_0000;
    words[2 * i + 1] = upper + carry;
  }
  return viewOf(words);
}

/** int64 counts of a unit (`ns`, `us`, `ms`, `s`, `D`...) times `factor` to milliseconds; NaT to NaN. */
export function timesOf(counts: Uint8Array, scale: number): Float64Array {
  const view = new DataView(counts.buffer, counts.byteOffset, counts.byteLength);
  const out = new Float64Array(counts.length / 8);
  for (let i = 0; i < out.length; i++) {
    const high = view.getInt32(8 * i + 4, true);
    const low = view.getUint32(8 * i, true);
    if (high === -0x8000_0000 && low === 0) out[i] = Number.NaN;
    else if (scale >= 1) out[i] = (high * 0x1_0000_0000 + low) * scale;
    else {
      // 1 / scale is 10³ or 10⁶: divide word by word so that the quotient stays exact
      const divisor = Math.round(1 / scale);
      const first = Math.floor(high / divisor);
      const rest = (high - first * divisor) * 0x1_0000_0000 + low;
      const second = Math.floor(rest / divisor);
      out[i] = first * 0x1_0000_0000 + second + (rest - second * divisor) / divisor;
    }
  }
  return out;
}
