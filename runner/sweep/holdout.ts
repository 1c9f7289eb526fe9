import { parseTime } from '../../components/core/dates.ts';
import { formatKeyPath, type KeyPath, UserError } from '../../components/core/errors.ts';
import type { Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import type { Holdout } from './types.ts';

const oneDay = 86_400_000;

/**
 * What in a workflow reads days of the holdout: segments, ranges of handlers, backtests. An open end reads them too.
 * Every date of the config counts, since what is not read for training can still leak through a processor's fit.
 */
export function readsHoldout({ config }: Workflow, { start, end }: Holdout): UserError[] {
  const from = parseTime(start)!;
  const to = parseTime(end)! + oneDay - 1;
  const errors: UserError[] = [];
  const refuse = (path: KeyPath, range: string) =>
    errors.push(
      new UserError(`${formatKeyPath(path)}: ${range} reaches into the holdout ${start} to ${end}`, {
        hint: 'a sweep may not read it; let the workflow end before, and open it once with: qrun sweep holdout SWEEP',
        path,
      }),
    );
  const check = (first: unknown, last: unknown, path: KeyPath) => {
    const a = first == null ? Number.NEGATIVE_INFINITY : (parseTime(String(first)) ?? Number.NaN);
    const b = last == null ? Number.POSITIVE_INFINITY : (parseTime(String(last)) ?? Number.NaN);
    if (a <= to && b >= from) refuse(path, `${first ?? 'the beginning'} to ${last ?? 'the end'}`);
  };
  const visit = (value: unknown, path: KeyPath): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, [...path, i]);
    if (!isMapping(value)) return;
    for (const prefix of ['', 'fit_'])
      if (`${prefix}end_time` in value || `${prefix}start_time` in value)
        check(value[`${prefix}start_time`], value[`${prefix}end_time`], [...path, `${prefix}end_time`]);
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'segments' && isMapping(inner))
        for (const [name, range] of Object.entries(inner))
          if (Array.isArray(range)) check(range[0], range[1], [...path, key, name]);
      visit(inner, [...path, key]);
    }
  };
  visit(config['task'], ['task']);
  return errors;
}
