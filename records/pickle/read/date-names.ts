import { dayMs } from '../../../components/core/dates.ts';
import { PyDate, PyDateTime } from '../../../components/core/python.ts';
import { PyReduced } from '../values.ts';
import { type Known, named, passive } from './known.ts';
import { expectBytes, expectInt, expectString, kindOf, Malformed } from './malformed.ts';

function pad(n: number, width = 2): string {
  return String(n).padStart(width, '0');
}

/** `2018-01-02` of the four bytes that Python packs a date in. */
function dateText(bytes: Uint8Array): string {
  const [high = 0, low = 0, month = 0, day = 0] = bytes;
  const year = high * 256 + low;
  const time = utc(year, month, day);
  const back = new Date(time);
  if (year < 1 || back.getUTCMonth() + 1 !== month || back.getUTCDate() !== day)
    throw new Malformed(`no date: ${year}-${month}-${day}`);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

function utc(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for those of the twentieth century
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micro: number;
}

function clockTime(bytes: Uint8Array): ClockTime {
  const [first = 0, minute = 0, second = 0, a = 0, b = 0, c = 0] = bytes;
  // times of day keep `fold` in the hour
  const hour = first & 0x7f;
  const micro = a * 65_536 + b * 256 + c;
  if (hour > 23 || minute > 59 || second > 59 || micro > 999_999) throw new Malformed('no time of day');
  return { hour, minute, second, micro };
}

function clockText({ hour, minute, second, micro }: ClockTime): string {
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${micro === 0 ? '' : `.${pad(micro, 6)}`}`;
}

/** A date or datetime as Python packs it; also from plain numbers (year, month, day, hour, minute, second, microsecond). */
function packed(args: readonly unknown[], length: 4 | 10): Uint8Array {
  if (typeof args[0] === 'number') {
    const [year = 0, month = 0, day = 0, ...clock] = args.map((a) => expectInt(a, 'part of a date'));
    const [hour = 0, minute = 0, second = 0, micro = 0] = clock;
    if (
      [month, day, hour, minute, second].some((n) => n < 0 || n > 59) ||
      year < 1 ||
      year > 9999 ||
      micro < 0 ||
      micro > 999_999
    )
      throw new Malformed(`no date: ${year}-${month}-${day}`);
    const all = [
      year >> 8,
      year & 255,
      month,
      day,
      hour,
      minute,
      second,
      micro >> 16,
      (micro >> 8) & 255,
      micro & 255,
    ];
    return Uint8Array.from(all).subarray(0, length);
  }
  const bytes = Uint8Array.from(expectBytes(args[0], 'the content of a date'));
  if (bytes.length !== length) throw new Malformed(`a date of ${bytes.length} bytes`);
  // the highest bit of the month is Python's `fold`
  bytes[2]! &= 0x7f;
  return bytes;
}

const date: Known = {
  call: (args) => {
    const bytes = packed(args, 4);
    return new PyDate(Date.parse(`${dateText(bytes)}T00:00:00Z`));
  },
};

const time: Known = {
  call: (args) => {
    const bytes = expectBytes(args[0], 'the content of a time');
    if (bytes.length !== 6) throw new Malformed(`a time of ${bytes.length} bytes`);
    return new PyReduced('datetime', 'time', args, clockText(clockTime(bytes)));
  },
};

/** Naive ones become `PyDateTime`; those with a time zone keep their text. */
const datetime: Known = {
  call: (args) => {
    const bytes = packed(args, 10);
    const day = dateText(bytes.subarray(0, 4));
    const clock = clockTime(bytes.subarray(4));
    const zone = args[1];
    if (args.length !== 2 || typeof zone === 'number') {
      const { hour, minute, second, micro } = clock;
      return new PyDateTime(
        Date.parse(`${day}T00:00:00Z`) + ((hour * 60 + minute) * 60 + second) * 1000,
        micro,
      );
    }
    return new PyReduced('datetime', 'datetime', args, `${day} ${clockText(clock)}${zoneText(zone)}`);
  },
};

const timedelta: Known = {
  call: (args) => {
    const [days = 0, seconds = 0, micros = 0] = args.map((a) => expectInt(a, 'part of a timedelta'));
    const extra = micros === 0 ? '' : `.${pad(micros, 6)}`;
    const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${extra}`;
    const text = days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
    return new PyReduced('datetime', 'timedelta', args, text);
  },
};

function zone(module: string, name: string, text: (args: readonly unknown[]) => string): Known {
  return { call: (args) => new PyReduced(module, name, args, text(args)) };
}

/** What a time zone adds to a time: an offset where it is fixed, else the zone's name in brackets. */
export function zoneText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (!(value instanceof PyReduced)) throw new Malformed(`${kindOf(value)} is no time zone`);
  return value.text === 'UTC' ? '+00:00' : /^[+-]\d/.test(value.text) ? value.text : ` [${value.text}]`;
}

function offsetText(args: readonly unknown[]): string {
  const [delta] = args;
  if (!(delta instanceof PyReduced) || delta.name !== 'timedelta')
    throw new Malformed('a time zone without an offset');
  const [days = 0, seconds = 0] = delta.args.map((a) => expectInt(a, 'part of a timedelta'));
  const total = days * (dayMs / 1000) + seconds;
  if (total === 0) return 'UTC';
  const minutes = Math.floor(Math.abs(total) / 60);
  return `${total < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** datetime, and the time zone libraries that its values refer to. */
export const dateNames: readonly (readonly [string, Known])[] = [
  ...named(['datetime'], {
    date,
    time,
    datetime,
    timedelta,
    timezone: zone('datetime', 'timezone', offsetText),
  }),
  ...named(['zoneinfo', 'zoneinfo._zoneinfo', 'backports.zoneinfo'], {
    ZoneInfo: passive,
    'ZoneInfo._unpickle': zone('zoneinfo', 'ZoneInfo._unpickle', ([key]) =>
      expectString(key, 'the key of a time zone'),
    ),
  }),
  ...named(['pytz'], {
    _UTC: zone('pytz', '_UTC', () => 'UTC'),
    _p: zone('pytz', '_p', ([name]) => expectString(name, 'the name of a time zone')),
  }),
  ...named(['pytz', 'pytz.tzinfo'], {
    _FixedOffset: zone('pytz', '_FixedOffset', ([minutes]) => `${expectInt(minutes, 'an offset')} min`),
  }),
];
