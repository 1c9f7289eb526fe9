import { dayMs, parseTime, type Time } from '../../core/dates.ts';

const slashed = /^(\d{4})\/(\d{1,2})\/(\d{1,2})/;
const zone = /(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * A time in a cell: as `parseTime`, also `2020/01/31`, with fractions of a second and a zone, which is left out: times are those of the
 * market's clock. Undefined for anything else, and outside of the years 1678 to 2261 that pandas can hold.
 */
export function parseCellTime(text: string): Time | undefined {
  let plain = text.trim().replace(slashed, '$1-$2-$3');
  if (plain.length > 10) plain = plain.replace(zone, '');
  const time = parseTime(plain);
  return time !== undefined && time > -9_214_000_000_000 && time < 9_214_000_000_000 ? time : undefined;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of a date in the calendar; undefined where there is no such day. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day > monthDays[month - 1]! + (month === 2 && isLeap ? 1 : 0)) return undefined;
  // the year begins in March, so that the leap day is its last
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** The time of `2020-01-31` at `at` in `bytes`; undefined for other spellings. */
export function isoDayAt(bytes: Uint8Array, at: number): Time | undefined {
  if (bytes[at + 4] !== 45 || bytes[at + 7] !== 45) return undefined;
  const digit = (k: number) => {
    const d = bytes[at + k]! - 48;
    return d >= 0 && d <= 9 ? d : Number.NaN;
  };
  const year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  const month = digit(5) * 10 + digit(6);
  const day = digit(8) * 10 + digit(9);
  if (!(year >= 1678 && year <= 2261 && month > 0 && day > 0)) return undefined;
  const number = dayNumber(year, month, day);
  return number === undefined ? undefined : number * dayMs;
}
