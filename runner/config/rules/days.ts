import { formatTime, parseTime, type Time } from '../../../components/core/dates.ts';
import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import { isMapping } from '../spec.ts';
import type { Rule } from './scene.ts';
import { segmentsOf } from './segments.ts';
import { valueAt } from './walk.ts';

interface Range {
  readonly what: string;
  readonly start: Time | null;
  readonly end: Time | null;
  readonly path: KeyPath;
}

/** Ranges of time without a single trading day: segments, the handler's, the backtest's. */
export const checkDays: Rule = async ({ data, handlers, datasets, records }, { errors }) => {
  const ranges: Range[] = datasets.flatMap(segmentsOf).map((s) => ({ ...s, what: `the segment ${s.name}` }));
  for (const { kwargs, kwargsPath } of handlers) ranges.push(...rangeOf(kwargs, 'the handler', kwargsPath));
  for (const { kwargs, kwargsPath } of records) {
    const path = ['config', 'backtest'];
    ranges.push(...rangeOf(valueAt(kwargs, path), 'the backtest', [...kwargsPath, ...path]));
  }
  for (const range of ranges) errors.push(...(await emptyRange(data, range)));
};

function rangeOf(options: unknown, what: string, path: KeyPath): Range[] {
  if (!isMapping(options)) return [];
  const [start, end] = [timeOf(options['start_time']), timeOf(options['end_time'])];
  return start === null && end === null
    ? []
    : [{ what, start, end, path: [...path, start === null ? 'end_time' : 'start_time'] }];
}

const timeOf = (value: unknown): Time | null =>
  typeof value === 'string' ? (parseTime(value) ?? null) : null;

async function emptyRange(data: DataProvider, { what, start, end, path }: Range): Promise<UserError[]> {
  if (start !== null && end !== null && start > end) return [];
  if ((await data.calendar({ start, end: end === null ? null : endOfDay(end) })).length > 0) return [];
  const all = await data.calendar();
  const hint =
    all.length === 0
      ? 'the calendar of the data is empty'
      : `the calendar of the data goes from ${formatTime(all[0]!)} to ${formatTime(all.at(-1)!)}`;
  return [new UserError(`${what} has no trading day: ${span(start, end)}`, { hint, path })];
}

/** A day means all of it. */
const endOfDay = (time: Time) => (time % 86_400_000 === 0 ? time + 86_399_999 : time);

function span(start: Time | null, end: Time | null): string {
  const [from, to] = [start === null ? '' : formatTime(start), end === null ? '' : formatTime(end)];
  if (start === null) return `up to ${to}`;
  return end === null ? `from ${from} on` : `${from} to ${to}`;
}
