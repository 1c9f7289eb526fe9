import { dayMs } from '../../../components/core/dates.ts';
import { PyTimestamp } from '../../../components/core/python.ts';
import type { Cells, DType } from '../../../components/core/table.ts';
import { timesOf } from '../cells.ts';
import { PyReduced } from '../values.ts';
import type { NumpyDType } from './dtype.ts';
import type { Reading } from './known.ts';
import { Malformed } from './malformed.ts';
import { narrow } from './operands.ts';
import { complexText } from './python-names.ts';
import { timedeltaText } from './timedelta-text.ts';

export interface Items {
  readonly dtype: DType;
  readonly values: Cells;
}

/** Memory of an item beside the file's bytes: that of the wider type, or of a bigint where a number may need one. */
const bytesOf: Readonly<Record<string, number>> = { f2: 4, i1: 4, i2: 4, u1: 4, u2: 4, u4: 32, u8: 64 };

/** Cells of a numpy buffer: a view where a table has the dtype and the bytes lie aligned, else the nearest wider dtype. */
export function decodeItems(dtype: NumpyDType, bytes: Uint8Array, reading: Reading): Items {
  const data = aligned(dtype, bytes, reading);
  const { buffer, byteOffset } = data;
  const length = dtype.size === 0 ? 0 : data.length / dtype.size;
  reading.charge((bytesOf[dtype.text] ?? ('cSUm'.includes(dtype.kind) ? 64 : 0)) * length);
  switch (dtype.text) {
    case 'f8':
      return { dtype: 'float64', values: new Float64Array(buffer, byteOffset, length) };
    case 'f4':
      return { dtype: 'float32', values: new Float32Array(buffer, byteOffset, length) };
    case 'f2':
      return {
        dtype: 'float32',
        values: Float32Array.from(new Uint16Array(buffer, byteOffset, length), halfFloat),
      };
    case 'i8':
      return { dtype: 'int64', values: new BigInt64Array(buffer, byteOffset, length) };
    case 'i4':
      return { dtype: 'int32', values: new Int32Array(buffer, byteOffset, length) };
    case 'i2':
      return { dtype: 'int32', values: Int32Array.from(new Int16Array(buffer, byteOffset, length)) };
    case 'i1':
      return { dtype: 'int32', values: Int32Array.from(new Int8Array(buffer, byteOffset, length)) };
    case 'u8':
      return unsigned(new BigUint64Array(buffer, byteOffset, length));
    case 'u4':
      return {
        dtype: 'int64',
        values: BigInt64Array.from(new Uint32Array(buffer, byteOffset, length), BigInt),
      };
    case 'u2':
      return { dtype: 'int32', values: Int32Array.from(new Uint16Array(buffer, byteOffset, length)) };
    case 'u1':
      return { dtype: 'int32', values: Int32Array.from(data) };
    case 'b1':
      return { dtype: 'bool', values: data };
    case 'c8':
      return complexes(new Float32Array(buffer, byteOffset, length * 2));
    case 'c16':
      return complexes(new Float64Array(buffer, byteOffset, length * 2));
    case 'M8':
      reading.charge(8 * length);
      return { dtype: 'datetime64[ns]', values: decodeTimes(dtype, data) };
    case 'm8':
      return { dtype: 'object', values: decodeDeltas(dtype, data) };
    default:
      return { dtype: 'object', values: decodeTexts(dtype, data, length) };
  }
}

/** The bytes in native order, at an address that a typed array may begin at. */
function aligned(dtype: NumpyDType, bytes: Uint8Array, reading: Reading): Uint8Array {
  const unit =
    dtype.kind === 'c' ? dtype.size / 2 : dtype.kind === 'U' ? 4 : dtype.kind === 'S' ? 1 : dtype.size;
  const swap = dtype.bigEndian && unit > 1;
  if (!swap && bytes.byteOffset % unit === 0) return bytes;
  reading.charge(bytes.length);
  const copy = Uint8Array.from(bytes);
  if (swap) for (let i = 0; i < copy.length; i += unit) copy.subarray(i, i + unit).reverse();
  return copy;
}

/** IEEE 754 half precision. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** uint64 as int64 where every value fits. */
function unsigned(values: BigUint64Array): Items {
  if (values.every((x) => x < 2n ** 63n)) return { dtype: 'int64', values: BigInt64Array.from(values) };
  return { dtype: 'object', values: Array.from(values, narrow) };
}

function complexes(parts: Float32Array | Float64Array): Items {
  const values = Array.from({ length: parts.length / 2 }, (_, i) => {
    const re = parts[2 * i]!;
    const im = parts[2 * i + 1]!;
    return new PyReduced('builtins', 'complex', [re, im], complexText(re, im));
  });
  return { dtype: 'object', values };
}

const milliseconds: Readonly<Record<string, number>> = {
  W: 7 * dayMs,
  D: dayMs,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

function decodeTimes({ unit, count }: NumpyDType, data: Uint8Array): Float64Array {
  const scale = unit === undefined ? undefined : milliseconds[unit];
  if (scale !== undefined) {
    const times = timesOf(data, scale);
    return count === 1 ? times : times.map((t) => t * count);
  }
  if (unit !== 'M' && unit !== 'Y') throw new Malformed('dates without a unit');
  const months = timesOf(data, unit === 'M' ? count : 12 * count);
  return months.map((m) => (Number.isNaN(m) ? m : Date.UTC(1970, m, 1)));
}

function decodeDeltas({ unit, count }: NumpyDType, data: Uint8Array): unknown[] {
  const scale = unit === undefined ? undefined : milliseconds[unit];
  if (scale === undefined) throw new Malformed('time differences without a fixed unit');
  return Array.from(timesOf(data, scale), (ms) =>
    Number.isNaN(ms) ? new PyTimestamp(ms) : timedelta(ms * count),
  );
}

/** A pandas Timedelta of so many milliseconds. */
export function timedelta(ms: number): PyReduced {
  const nanos = BigInt(Math.round(ms * 1e3)) * 1000n;
  return new PyReduced(
    'pandas._libs.tslibs.timedeltas',
    '_timedelta_unpickle',
    [nanos, 10],
    timedeltaText(ms),
  );
}

/** `S5` and `U5`: texts of fixed length, padded with NUL. */
function decodeTexts({ kind, size }: NumpyDType, data: Uint8Array, length: number): unknown[] {
  return Array.from({ length }, (_, i) => {
    const item = data.subarray(i * size, (i + 1) * size);
    if (kind === 'S') {
      let end = item.length;
      while (end > 0 && item[end - 1] === 0) end--;
      return item.slice(0, end);
    }
    const codes = new Uint32Array(item.buffer, item.byteOffset, size / 4);
    let text = '';
    for (const code of codes) {
      if (code > 0x10ffff) throw new Malformed('no character');
      text += String.fromCodePoint(code);
    }
    return text.replace(/\0+$/, '');
  });
}
