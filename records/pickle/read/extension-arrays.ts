import { formatTime } from '../../../components/core/dates.ts';
import { PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import { NumpyArray, PyGlobal, PyReduced } from '../values.ts';
import type { Known, Reading } from './known.ts';
import { expectMap, kindOf, Malformed } from './malformed.ts';
import { CategoricalType, PeriodType, ZonedType } from './pandas-dtypes.ts';
import { periodText } from './period-text.ts';

/** pandas' array classes that wrap one numpy array, all pickled as (dtype, values, attributes). */
const wrappers = new Set([
  'DatetimeArray',
  'TimedeltaArray',
  'PeriodArray',
  'Categorical',
  'StringArray',
  'PandasArray',
  'NumpyExtensionArray',
]);

/** `pandas._libs.arrays.__pyx_unpickle_NDArrayBacked(class, checksum, state)` */
export function unpickleBacked([cls, , state]: readonly unknown[], reading: Reading): NumpyArray {
  const name = cls instanceof PyGlobal ? cls.name : '';
  if (!wrappers.has(name)) throw new Malformed(`${name || kindOf(cls)} is no array class of pandas`);
  const array = emptyArray();
  const apply = (given: unknown) => Object.assign(array, backedArray(given, reading));
  if (state !== null && state !== undefined) apply(state);
  reading.onBuild(array, apply);
  return array;
}

/** The array classes themselves: new and filled by BUILD. */
export const wrapperClass: Known = {
  create: (_, reading) => {
    const array = emptyArray();
    reading.onBuild(array, (given) => Object.assign(array, backedArray(given, reading)));
    return array;
  },
};

/** Nullable arrays (Int64, Float64, boolean): values and a mask of what is missing. */
export const maskedClass: Known = {
  create: (_, reading) => {
    const array = emptyArray();
    reading.onBuild(array, (given) => {
      const state = expectMap(given, 'the state of a nullable array');
      const data = expectArray(state.get('_data'), 'nullable array');
      const mask = expectArray(state.get('_mask'), 'mask');
      if (mask.dtype !== 'bool' || mask.values.length !== data.values.length)
        throw new Malformed('a mask that does not fit');
      const filled = Array.from(data.values as ArrayLike<unknown>, (v, i) =>
        mask.values[i] ? null : plain(data, v),
      );
      reading.charge(16 * filled.length);
      const complete = !(mask.values as Uint8Array).includes(1);
      Object.assign(array, complete ? data : new NumpyArray(data.shape, 'object', filled));
    });
    return array;
  },
};

export function expectArray(value: unknown, what: string): NumpyArray {
  if (value instanceof NumpyArray) return value;
  throw new Malformed(`a ${what} is ${kindOf(value)}, not an array`);
}

export function emptyArray(): NumpyArray {
  return new NumpyArray([0], 'float64', new Float64Array(0));
}

function plain({ dtype }: NumpyArray, value: unknown): unknown {
  if (dtype === 'bool') return value === 1;
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function backedArray(given: unknown, reading: Reading): NumpyArray {
  const parts = given instanceof PyTuple ? given.items : [];
  const array = parts.find((p) => p instanceof NumpyArray);
  const dtype = parts.find((p) => p !== array && !(p instanceof Map));
  if (!(array instanceof NumpyArray)) throw new Malformed('the state of a pandas array holds no array');
  if (dtype instanceof CategoricalType) return takeCategories(dtype, array, reading);
  if (dtype instanceof PeriodType) return periods(dtype, array, reading);
  if (dtype instanceof ZonedType) return zoned(dtype, array, reading);
  return array;
}

function takeCategories({ categories }: CategoricalType, codes: NumpyArray, reading: Reading): NumpyArray {
  const level = categories?.index[0];
  if (!level) throw new Malformed('a categorical without categories');
  reading.charge(8 * codes.values.length);
  const values = Array.from(codes.values as ArrayLike<number | bigint>, (code) => {
    const place = Number(code);
    if (place < -1 || place >= level.values.length)
      throw new Malformed('a categorical code beyond its categories');
    if (place < 0) return Number.NaN;
    const value: unknown = level.values[place];
    return level.dtype === 'datetime64[ns]'
      ? new PyTimestamp(value as number)
      : typeof value === 'bigint'
        ? Number(value)
        : value;
  });
  return new NumpyArray(codes.shape, 'object', values);
}

function periods({ freq }: PeriodType, ordinals: NumpyArray, reading: Reading): NumpyArray {
  reading.charge(96 * ordinals.values.length);
  const values = Array.from(ordinals.values as ArrayLike<number | bigint>, (ordinal) =>
    BigInt(ordinal) === -(2n ** 63n)
      ? new PyTimestamp(Number.NaN)
      : new PyReduced('pandas', 'Period', [null, freq, Number(ordinal)], periodText(freq, Number(ordinal))),
  );
  return new NumpyArray(ordinals.shape, 'object', values);
}

/** Times with a zone are shown in UTC. */
function zoned({ zone }: ZonedType, times: NumpyArray, reading: Reading): NumpyArray {
  reading.charge(128 * times.values.length);
  const values = Array.from(times.values as ArrayLike<number>, (time) => zonedTimestamp(time, zone));
  return new NumpyArray(times.shape, 'object', values);
}

/** A pandas Timestamp with a time zone: an instant; its text is in UTC. */
export function zonedTimestamp(time: number, zone: unknown): PyReduced | PyTimestamp {
  if (Number.isNaN(time)) return new PyTimestamp(time);
  if (!(Math.abs(time) <= 8.64e15)) throw new Malformed('a time beyond the calendar');
  const text = formatTime(time);
  const nanos = BigInt(Math.round(time * 1e3)) * 1000n;
  return new PyReduced(
    'pandas._libs.tslibs.timestamps',
    '_unpickle_timestamp',
    [nanos, null, zone, 10],
    `${text.length > 10 ? text : `${text} 00:00:00`}+00:00`,
  );
}
