import { dayMs, lowerBound, parseTime, type Time, upperBound } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import type { Frequency } from './frequency.ts';
import type { Range } from './plan/step.ts';
import { readDataText } from './read-text.ts';

/** Reads a calendar file: one time a line, ascending. @throws UserError naming file and line */
export function readCalendar(file: string): Float64Array {
  const times: number[] = [];
  let line = 0;
  for (const text of readDataText(file, 'calendar').split(/\r\n|\n|\r/)) {
    line++;
    const trimmed = text.trim();
    if (trimmed === '') continue;
    const time = parseTime(trimmed);
    if (time === undefined)
      throw new UserError(`calendar ${file}:${line}: "${trimmed.slice(0, 60)}" is no date`, {
        hint: 'each line holds one date such as 2020-01-31, or 2020-01-31 09:35:00',
      });
    const before = times.at(-1);
    if (before !== undefined && time <= before)
      throw new UserError(
        `calendar ${file}:${line}: ${trimmed} ${time === before ? 'is there twice' : 'comes after a later day'}`,
        { hint: 'days must be in ascending order, each one once' },
      );
    times.push(time);
  }
  if (times.length === 0)
    throw new UserError(`calendar ${file} is empty`, { hint: 'each line holds one date such as 2020-01-31' });
  return Float64Array.from(times);
}

/** Calendar days in [start, end] as indices; null is open. */
export function calendarRange(times: Float64Array, start: Time | null, end: Time | null): Range {
  const from = start === null ? 0 : lowerBound(times, start);
  const to = end === null ? times.length : upperBound(times, end);
  return from < to ? { from, to } : { from: 0, to: 0 };
}

/** First day of every `count` days, weeks or months of a calendar (qlib/utils/resam.py). */
export function resampleCalendar(times: Float64Array, { count, base }: Frequency): Float64Array {
  const days = [...new Set(Array.from(times, (t) => Math.floor(t / dayMs) * dayMs))];
  const place = (day: Time) =>
    base === 'week' ? (new Date(day).getUTCDay() + 6) % 7 : new Date(day).getUTCDate();
  // a week or month begins where the day of it is smaller than the one before, whatever lies between
  const firsts = base === 'day' ? days : days.filter((day, i) => i === 0 || place(day) < place(days[i - 1]!));
  return Float64Array.from(firsts.filter((_, i) => i % count === 0));
}
