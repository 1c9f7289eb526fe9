import { ArgumentProblem, literal, numberOf, textOf } from '../operator.ts';
import type { Tree } from '../tree.ts';

/** Minutes of a day of qlib's Chinese market: 9:30 to 11:30 and 13:00 to 15:00. */
const minutes = 240;

/** Minute of the day's trading at which `text` (`9:30`) stands; undefined outside of it. */
function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? [];
  if (hour === undefined || Number(minute) > 59) return undefined;
  const at = Number(hour) * 60 + Number(minute);
  if (at >= 570 && at < 690) return at - 570;
  return at >= 780 && at < 900 ? at - 780 + 120 : undefined;
}

/** Looks at `start`, `end` and `data_granularity` of DayCumsum. @throws ArgumentProblem */
export function checkTimes(args: readonly Tree[]): void {
  for (const [index, name] of [
    [1, 'start'],
    [2, 'end'],
  ] as const)
    if (literal(args, index).type !== 'text' || minuteOf(textOf(args, index)) === undefined)
      throw new ArgumentProblem(
        index,
        `${name} of DayCumsum must be a time of trading, '9:30' to '11:29' or '13:00' to '14:59'`,
      );
  const { type } = literal(args, 3);
  const size = numberOf(args, 3);
  if (type !== 'int' || size < 1 || minutes % size !== 0)
    throw new ArgumentProblem(
      3,
      `data_granularity of DayCumsum must be the minutes of a row, a divisor of ${minutes}`,
    );
}

/** Rows of a day, counted from 0, of the first and the last that DayCumsum adds up, and how many a day has. */
export function cumulatedRows(args: readonly Tree[]): { start: number; end: number; length: number } {
  const size = numberOf(args, 3);
  const row = (index: number) => Math.floor((minuteOf(textOf(args, index)) ?? 0) / size);
  return { start: row(1), end: row(2), length: minutes / size };
}
