import { parseTime, type Time } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat } from '../../components/core/python.ts';

/** What a plain scalar can be, as Python would have it. */
export type PythonScalar = string | number | bigint | boolean | null | PyFloat | PyDate | PyDateTime;

/** A scalar that has the form of a date or number without being one. */
export class BadScalar {
  constructor(
    readonly problem: string,
    readonly hint?: string,
  ) {}
}

const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const int = /^(?:[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+)$/;
const timestamp =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|[-+]\d\d?(?::\d\d)?))?)?$/;

/**
 * The value of a plain scalar by the rules of ruamel.yaml's safe loader for YAML 1.2, which differ from js-yaml's core schema:
 * digits may be grouped with `_`, `010` is ten, `1e3` a float, `.5e3` a string, `yes` and `1:40:00` are strings, `2008-01-02` is a
 * date. Source: ruamel.yaml resolver.py and constructor.py, checked against it by test/runner/config/ruamel.test.ts.
 */
export function resolvePlain(text: string): PythonScalar | BadScalar {
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    case '=':
    case '<<':
      return new BadScalar(`a plain ${text} is not a value in YAML`, `write "${text}" in quotes`);
  }
  const first = text.charCodeAt(0);
  if (!(first >= 48 && first <= 57) && first !== 43 && first !== 45 && first !== 46) return text;
  if (int.test(text)) return parseInteger(text) ?? text;
  if (float.test(text)) return parseFloatText(text) ?? text;
  if (isTimestamp(text)) return parseTimestamp(text);
  return text;
}

/** The value of a scalar with an explicit core tag (`int` for `!!int`); undefined where this reader does not know the tag. */
export function resolveTagged(tag: string, text: string): PythonScalar | BadScalar | undefined {
  const bad = () => new BadScalar(`"${text.slice(0, 100)}" cannot be read as !!${tag}`);
  switch (tag) {
    case 'str':
      return text;
    case 'null':
      return null;
    case 'bool':
      if (/^(?:y|yes|true|on)$/i.test(text)) return true;
      return /^(?:n|no|false|off)$/i.test(text) ? false : bad();
    case 'int':
      return int.test(text) ? (parseInteger(text) ?? bad()) : bad();
    case 'float':
      return float.test(text) || int.test(text) ? (parseFloatText(text) ?? bad()) : bad();
    case 'timestamp':
      return isTimestamp(text) ? parseTimestamp(text) : bad();
    default:
      return undefined;
  }
}

function parseInteger(text: string): number | bigint | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  if (digits === '' || /^0[box]$/.test(digits)) return undefined;
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : sign * value;
  return BigInt(digits) * BigInt(sign);
}

function parseFloatText(text: string): number | PyFloat | undefined {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain.endsWith('.inf'))
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (plain === '.nan') return Number.NaN;
  const value = Number(plain);
  if (Number.isNaN(value)) return undefined;
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** A date is `2008-01-02` with two digits each; with a time of day, one digit is enough. */
function isTimestamp(text: string): boolean {
  const m = timestamp.exec(text);
  return m !== null && (m[4] !== undefined || (m[2]!.length === 2 && m[3]!.length === 2));
}

function parseTimestamp(text: string): PyDate | PyDateTime | BadScalar {
  const [, year, month, day, hour, minute, second, fraction = '', zone] = timestamp.exec(text)!;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) {
    const time = parseTime(date);
    return time === undefined ? noDate(text) : new PyDate(time);
  }
  if (zone !== undefined)
    return new BadScalar(
      `${text} has a time zone`,
      'times of day are those of the market: leave the zone out',
    );
  const time: Time | undefined = parseTime(`${date} ${hour}:${minute}:${second}`);
  if (time === undefined) return noDate(text);
  return new PyDateTime(time, Number(fraction.slice(0, 6).padEnd(6, '0')));
}

function noDate(text: string): BadScalar {
  const [year, month] = text.split('-').map(Number);
  const days = month! >= 1 && month! <= 12 ? new Date(Date.UTC(year!, month!, 0)).getUTCDate() : undefined;
  return new BadScalar(
    `${text} is not a date: no such day or time`,
    days === undefined
      ? 'months go from 01 to 12'
      : `${text.slice(0, 7)} has ${days} days; a date is written 2008-01-31`,
  );
}
