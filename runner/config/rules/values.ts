import { parseTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { isMapping } from '../spec.ts';
import type { Workflow } from '../types.ts';
import { walk } from './walk.ts';

/** Keys that JavaScript would take for something else; a workflow has no use for them. */
const forbidden = '__proto__';

/** What is wrong in any place: `__proto__`, whole numbers that no double holds, ranges of time that end before they begin. */
export function checkValues(workflow: Workflow): UserError[] {
  const errors: UserError[] = [];
  walk(workflow.python, [], (value, path) => {
    if (value instanceof Map && value.has(forbidden))
      errors.push(
        new UserError(`the key "${forbidden}" is not allowed`, {
          hint: 'remove it',
          path: [...path, forbidden],
        }),
      );
    if (typeof value === 'bigint') {
      const limit = Number.MAX_SAFE_INTEGER;
      const problem =
        value > 0 ? `must be at most ${limit}, got ${value}` : `must be at least -${limit}, got ${value}`;
      errors.push(new UserError(problem, { hint: 'larger whole numbers cannot be told apart', path }));
    }
  });
  walk(workflow.config['task'], ['task'], (value, path) => {
    if (!isMapping(value)) return;
    for (const prefix of ['', 'fit_']) {
      const [startKey, endKey] = [`${prefix}start_time`, `${prefix}end_time`];
      const error = rangeError(value[startKey], value[endKey], `${startKey} `, `${endKey} `);
      if (error) errors.push(error.within([...path, startKey]));
    }
  });
  return errors;
}

/** `2018-06-28 is after 2018-01-02` for a range of two readable dates that is upside down. */
export function rangeError(
  start: unknown,
  end: unknown,
  startName = '',
  endName = '',
): UserError | undefined {
  if (typeof start !== 'string' || typeof end !== 'string') return undefined;
  const [from, to] = [parseTime(start), parseTime(end)];
  if (from === undefined || to === undefined || from <= to) return undefined;
  return new UserError(`${startName}${start} is after ${endName}${end}: the range is empty`, {
    hint: 'the first date must be earlier, are they in the wrong order?',
  });
}
