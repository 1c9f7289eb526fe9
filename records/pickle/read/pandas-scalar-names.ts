import { dayMs } from '../../../components/core/dates.ts';
import { PyTimestamp } from '../../../components/core/python.ts';
import { PyReduced } from '../values.ts';
import { timedelta } from './decode-items.ts';
import { zonedTimestamp } from './extension-arrays.ts';
import { type Known, named } from './known.ts';
import { expectBigInt, expectInt, Malformed } from './malformed.ts';
import { freqOf } from './pandas-dtypes.ts';
import { periodText } from './period-text.ts';

/** Milliseconds of numpy's datetime units by their number (NPY_DATETIMEUNIT). */
const units: ReadonlyMap<number, number> = new Map([
  [4, dayMs],
  [5, 3_600_000],
  [6, 60_000],
  [7, 1000],
  [8, 1],
  [9, 1e-3],
  [10, 1e-6],
]);

function toMilliseconds(value: unknown, unit: unknown): number {
  const count = expectBigInt(value, 'a time');
  if (count === -(2n ** 63n)) return Number.NaN;
  const scale = units.get(expectInt(unit ?? 10, 'the unit of a time'));
  if (scale === undefined) throw new Malformed('a time in an unknown unit');
  if (scale >= 1) return Number(count) * scale;
  const divisor = BigInt(Math.round(1 / scale));
  return Number(count / divisor) + Number(count % divisor) / Number(divisor);
}

/** (value, frequency, time zone, unit); frequencies belong to pandas before 2. */
const timestamp: Known = {
  call: ([value, , zone, unit]) => {
    const time = toMilliseconds(value, unit);
    if (Math.abs(time) > 8.64e15) throw new Malformed('a time beyond the calendar');
    return zone === null || zone === undefined ? new PyTimestamp(time) : zonedTimestamp(time, zone);
  },
};

const nat: Known = { call: () => new PyTimestamp(Number.NaN), value: () => new PyTimestamp(Number.NaN) };
const natFunction: Known = { call: () => new PyTimestamp(Number.NaN) };

const delta: Known = {
  call: ([value, unit]) => {
    const ms = toMilliseconds(value, unit);
    if (Math.abs(ms) > 8.64e15) throw new Malformed('a time difference beyond the calendar');
    return Number.isNaN(ms) ? new PyTimestamp(ms) : timedelta(ms);
  },
};

/** (None, frequency, ordinal) */
const period: Known = {
  call: (args) => {
    const text = periodText(freqOf(args[1]), expectInt(args[2], 'the ordinal of a period'));
    return new PyReduced('pandas._libs.tslibs.period', 'Period', args, text);
  },
};

const missing: Known = { value: () => null };

/** Timestamp, Timedelta, Period, NaT and NA. */
export const pandasScalarNames: readonly (readonly [string, Known])[] = [
  ...named(['pandas._libs.tslibs.timestamps', 'pandas._libs.tslib', 'pandas.tslib'], {
    _unpickle_timestamp: timestamp,
    Timestamp: timestamp,
  }),
  ...named(['pandas'], { Timestamp: timestamp, Timedelta: delta, Period: period, NaT: nat, NA: missing }),
  ...named(['pandas._libs.tslibs.nattype'], {
    __nat_unpickle: natFunction,
    _nat_unpickle: natFunction,
    NaT: nat,
  }),
  ...named(['pandas._libs.tslibs.timedeltas'], { _timedelta_unpickle: delta, Timedelta: delta }),
  ...named(['pandas._libs.tslibs.period'], { Period: period }),
  ...named(['pandas._libs.missing'], { NA: missing }),
];
