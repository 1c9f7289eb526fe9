import { formatTime } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyTimestamp } from '../../components/core/python.ts';
import { pythonRepr } from '../pickle/python-repr.ts';

/**
 * What Python's `str(value)` gives: params and tags are kept so. Differs from `repr` for texts and times.
 * A JavaScript Date is a datetime, a function is named as a class.
 */
export function pythonStr(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyTimestamp)
    return Number.isNaN(value.time) ? 'NaT' : momentText(value.time, millisecondsOf(value.time) * 1000);
  if (value instanceof PyDate) return formatTime(value.time).slice(0, 10);
  if (value instanceof PyDateTime) return momentText(value.time, value.microseconds);
  if (value instanceof Date) return momentText(value.getTime(), millisecondsOf(value.getTime()) * 1000);
  if (typeof value === 'function') return `<class '${value.name}'>`;
  return pythonRepr(value);
}

const millisecondsOf = (time: number): number => ((time % 1000) + 1000) % 1000;

/** `2020-01-02 00:00:00`, with six decimals where there are any. */
function momentText(time: number, microseconds: number): string {
  const text = formatTime(time - millisecondsOf(time));
  const full = text.length === 10 ? `${text} 00:00:00` : text;
  return microseconds === 0 ? full : `${full}.${String(Math.round(microseconds)).padStart(6, '0')}`;
}
