import { formatTime, parseTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import type { FoundComponent } from '../check-component.ts';
import { isMapping } from '../spec.ts';
import type { Workflow } from '../types.ts';
import { taskKeys } from '../workflow-schema.ts';
import { segmentsOf } from './segments.ts';
import { valueAt } from './walk.ts';

const writers = ['SignalRecord', 'HFSignalRecord'];
const readers = ['SigAnaRecord', 'PortAnaRecord', 'MultiPassPortAnaRecord', 'SignalMseRecord'];

/** Records that need the predictions before there are any. qlib skips them with a line in the log. */
export function checkRecords(
  records: readonly FoundComponent[],
  isKnown: (record: FoundComponent) => boolean,
): UserError[] {
  const errors: UserError[] = [];
  for (const [i, record] of records.entries()) {
    const before = records.slice(0, i);
    if (!readers.includes(record.name) || before.some((r) => writers.includes(r.name) || !isKnown(r)))
      continue;
    errors.push(
      new UserError(`${record.name} needs pred.pkl, which no record before it writes`, {
        hint: 'put SignalRecord before it',
        path: record.path,
      }),
    );
  }
  return errors;
}

/** A task that makes nothing of its model. */
export function checkNoRecord({ config }: Workflow): UserError[] {
  const task = valueAt(config, ['task']);
  const record = valueAt(task, ['record']);
  // a key that nobody knows may be the one that is missing: that is an error of its own
  if (isMapping(task) && Object.keys(task).some((key) => !taskKeys.includes(key))) return [];
  if (
    task === undefined ||
    task === null ||
    (record !== undefined && record !== null && !isEmptyList(record))
  )
    return [];
  return [
    new UserError('the task has no record: predictions are neither made nor kept', {
      hint: 'add record: with SignalRecord',
      path: ['task', ...(record === undefined ? [] : ['record'])],
    }),
  ];
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Days of a backtest for which no predictions are made. */
export function checkBacktests(records: readonly FoundComponent[], dataset: FoundComponent): UserError[] {
  const test = segmentsOf(dataset).find((s) => s.name === 'test');
  if (!test) return [];
  return records.flatMap(({ kwargs, kwargsPath }) => {
    if (valueAt(kwargs, ['config', 'strategy', 'kwargs', 'signal']) !== '<PRED>') return [];
    const path = ['config', 'backtest'];
    const [start, end] = ['start_time', 'end_time'].map((key) => {
      const value = valueAt(kwargs, [...path, key]);
      return typeof value === 'string' ? parseTime(value) : undefined;
    });
    const warnings: UserError[] = [];
    const warn = (key: string, problem: string) =>
      warnings.push(
        new UserError(`${problem}: there are no predictions for these days`, {
          path: [...kwargsPath, ...path, key],
        }),
      );
    if (start !== undefined && test.start !== null && start < test.start)
      warn(
        'start_time',
        `the backtest begins ${formatTime(start)}, before the segment test (${formatTime(test.start)})`,
      );
    if (end !== undefined && test.end !== null && end > test.end)
      warn(
        'end_time',
        `the backtest ends ${formatTime(end)}, after the segment test (${formatTime(test.end)})`,
      );
    return warnings;
  });
}
