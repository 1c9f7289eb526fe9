import { formatTime, lowerBound, parseTime } from '../../components/core/dates.ts';
import { formatKeyPath, type KeyPath, UserError } from '../../components/core/errors.ts';
import type { Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import type { Holdout } from './types.ts';

const oneDay = 86_400_000;

/** Labels look ahead: so many trading days of the calendar. */
export interface Lookahead {
  readonly horizon: number;
  readonly calendar: Float64Array;
}

/**
 * What in a workflow reads days of the holdout: segments, ranges of handlers, backtests. An open end reads them too, and so does a label
 * that is made of prices of days to come.
 * Every date of the config counts, since what is not read for training can still leak through a processor's fit.
 */
export function readsHoldout(
  { config }: Workflow,
  { start, end }: Holdout,
  { horizon, calendar }: Lookahead,
): UserError[] {
  const from = parseTime(start)!;
  const to = parseTime(end)! + oneDay - 1;
  // the last day whose label ends before the holdout
  const lastLabel = calendar[lowerBound(calendar, from) - 1 - horizon] ?? Number.NEGATIVE_INFINITY;
  const errors: UserError[] = [];
  const refuse = (path: KeyPath, problem: string, hint: string) =>
    errors.push(new UserError(`${formatKeyPath(path)}: ${problem}`, { hint, path }));
  const check = (first: unknown, last: unknown, path: KeyPath, hasLabels: boolean) => {
    const a = first == null ? Number.NEGATIVE_INFINITY : (parseTime(String(first)) ?? Number.NaN);
    const b = last == null ? Number.POSITIVE_INFINITY : (parseTime(String(last)) ?? Number.NaN);
    const range = `${first ?? 'the beginning'} to ${last ?? 'the end'}`;
    if (a <= to && b >= from)
      refuse(
        path,
        `${range} reaches into the holdout ${start} to ${end}`,
        'a sweep may not read it; let the workflow end before, and open it once with: qrun sweep holdout SWEEP',
      );
    else if (hasLabels && horizon > 0 && b < from && b > lastLabel)
      refuse(
        path,
        `the last labels of ${range} are made of prices of the holdout ${start} to ${end}: they look ${horizon} days ahead`,
        `end it at ${formatTime(lastLabel)} or before`,
      );
  };
  const visit = (value: unknown, path: KeyPath): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, [...path, i]);
    if (!isMapping(value)) return;
    for (const prefix of ['', 'fit_'])
      if (`${prefix}end_time` in value || `${prefix}start_time` in value)
        check(
          value[`${prefix}start_time`],
          value[`${prefix}end_time`],
          [...path, `${prefix}end_time`],
          prefix === '' && path.includes('dataset'),
        );
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'segments' && isMapping(inner))
        for (const [name, range] of Object.entries(inner))
          if (Array.isArray(range)) check(range[0], range[1], [...path, key, name], true);
      visit(inner, [...path, key]);
    }
  };
  visit(config['task'], ['task']);
  return errors;
}
