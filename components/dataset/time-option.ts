import { dayMs, parseTime, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import type { Segment } from './types.ts';

/** The days that a text names: one day, one month (`2006-01`) or one year (`2006`), as pandas slices by partial dates. */
export function parsePeriod(text: string): Segment | undefined {
  const month = /^(\d{4})(?:-(\d{1,2}))?$/.exec(text.trim());
  if (month) {
    const year = Number(month[1]);
    const first = month[2] === undefined ? 0 : Number(month[2]) - 1;
    if (first < 0 || first > 11) return undefined;
    const after = month[2] === undefined ? 12 : first + 1;
    return { start: Date.UTC(year, first, 1), end: Date.UTC(year, after, 1) - dayMs };
  }
  const time = parseTime(text);
  return time === undefined ? undefined : { start: time, end: time };
}

/** The days that a config value names; null stays null. Takes dates as text, `Date`, eight digits (20080102) or a `Time`. */
function readPeriod(value: unknown, path: KeyPath): Segment | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return { start: value.getTime(), end: value.getTime() };
  const digits = typeof value === 'number' && Number.isInteger(value) && value >= 1e7 && value < 1e8;
  if (typeof value === 'number' && !digits) return { start: value, end: value };
  const period = typeof value === 'string' || digits ? parsePeriod(String(value)) : undefined;
  if (period) return period;
  throw new UserError(`not a date: ${JSON.stringify(value)}`, {
    hint: 'write it as 2008-01-02, 20080102, 2008-01-02 09:35:00 or null',
    path,
  });
}

/** The first moment that a config value names; null for null. @throws UserError for what is no date. */
export function readStart(value: unknown, path: KeyPath = []): Time | null {
  return readPeriod(value, path)?.start ?? null;
}

/** The last day that a config value names; null for null. @throws UserError for what is no date. */
export function readEnd(value: unknown, path: KeyPath = []): Time | null {
  return readPeriod(value, path)?.end ?? null;
}

/** `[start, end]`, `{start, end}` or the text of one day, month or year as a segment. @throws UserError for anything else and for an end before its start. */
export function readSegment(value: unknown, path: KeyPath = []): Segment {
  if (typeof value === 'string' || value instanceof Date) return readPeriod(value, path)!;
  const pair = Array.isArray(value) && value.length === 2 ? value : undefined;
  const object = value !== null && typeof value === 'object' && 'start' in value && 'end' in value;
  if (!pair && !object)
    throw new UserError(`not a segment: ${JSON.stringify(value)}`, {
      hint: 'write it as [start, end]; null leaves an end open',
      path,
    });
  const { start: first, end: last } = pair ? { start: pair[0], end: pair[1] } : (value as Segment);
  const segment = {
    start: readStart(first, pair ? [...path, 0] : path),
    end: readEnd(last, pair ? [...path, 1] : path),
  };
  if (segment.start !== null && segment.end !== null && segment.start > segment.end)
    throw new UserError(`the segment ends before it starts: ${JSON.stringify(value)}`, {
      hint: 'write it as [start, end]',
      path,
    });
  return segment;
}

/** A date without a time of day, as an end, means that whole day. */
export function endOfDay(end: Time | null): Time | null {
  return end !== null && end % dayMs === 0 ? end + dayMs - 1 : end;
}
