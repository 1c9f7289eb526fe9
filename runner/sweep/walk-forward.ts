import { formatTime, parseTime, type Time } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import type { WalkForward } from './types.ts';

/** Segments of one fold, and the range of its backtests; dates as text. */
export interface Fold {
  readonly index: number;
  readonly segments: Readonly<Record<string, readonly [start: string, end: string]>>;
  /** Key paths of `backtest` mappings in the records of the workflow. */
  readonly backtests: readonly string[];
}

/**
 * Folds of a walk-forward: the segments of the workflow moved by `step` trading days at a time while the test segment still begins
 * within the calendar's and the workflow's range, as qlib's RollingGen does (contrib/rolling, workflow/task/gen.py): `rolling` keeps
 * the length of the training segment, `expanding` its start. The test segment of a fold is `step` days long, so that the folds'
 * tests follow each other without a gap; the last may be shorter. Backtests cover the test segment.
 * @throws UserError where the workflow has no segments train and test with both ends
 */
export function walkForwardFolds(workflow: Workflow, calendar: Float64Array, walk: WalkForward): Fold[] {
  const segments = segmentsOf(workflow);
  const test = segments.get('test')!;
  const last = indexAtMost(calendar, test[1]);
  const first = indexAtLeast(calendar, test[0]);
  const backtests = backtestPaths(workflow);
  const folds: Fold[] = [];
  for (let i = 0; first + i * walk.step <= last && i < (walk.folds ?? Number.POSITIVE_INFINITY); i++) {
    const shift = i * walk.step;
    const moved: Record<string, [string, string]> = {};
    for (const [name, [start, end]] of segments) {
      const from = indexAtLeast(calendar, start);
      const to = indexAtMost(calendar, end);
      const isFixed = walk.kind === 'expanding' && name === 'train';
      moved[name] =
        name === 'test'
          ? [day(calendar, first + shift), day(calendar, Math.min(last, first + shift + walk.step - 1))]
          : [day(calendar, isFixed ? from : from + shift), day(calendar, to + shift)];
    }
    folds.push({ index: i, segments: moved, backtests });
  }
  return folds;
}

/** The overrides that put a fold in place. */
export function walkOverrides({ segments, backtests }: Fold): string[] {
  const [start, end] = segments['test']!;
  return [
    ...Object.entries(segments).map(
      ([name, [from, to]]) => `task.dataset.kwargs.segments.${name}=[${from}, ${to}]`,
    ),
    ...backtests.flatMap((path) => [`++${path}.start_time=${start}`, `++${path}.end_time=${end}`]),
  ];
}

function segmentsOf({ config }: Workflow): Map<string, readonly [Time, Time]> {
  const found = new Map<string, readonly [Time, Time]>();
  const at = ['task', 'dataset', 'kwargs', 'segments'].reduce<unknown>(
    (value, key) => (isMapping(value) ? value[key] : undefined),
    config,
  );
  for (const [name, value] of isMapping(at) ? Object.entries(at) : []) {
    const [start, end] = Array.isArray(value)
      ? value.map((v) => (typeof v === 'string' ? parseTime(v) : undefined))
      : [];
    if (start === undefined || end === undefined)
      throw new UserError(`walk_forward needs both ends of the segment ${name}`, {
        hint: `write ${name}: [2016-01-04, 2019-12-31] in the workflow`,
      });
    found.set(name, [start, end]);
  }
  for (const name of ['train', 'test'])
    if (!found.has(name)) throw new UserError(`walk_forward needs a segment ${name} in the workflow`);
  return found;
}

/** Where records of the workflow say over which days they deal. */
export function backtestPaths({ config }: Workflow): string[] {
  const paths: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, `${path}.${i}`);
    if (!isMapping(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = `${path}.${key}`;
      if (key === 'backtest' && isMapping(inner) && ('start_time' in inner || 'end_time' in inner))
        paths.push(at);
      else visit(inner, at);
    }
  };
  const { task } = config;
  if (isMapping(task)) visit(task['record'], 'task.record');
  return paths;
}

const day = (calendar: Float64Array, index: number) =>
  formatTime(calendar[Math.max(0, Math.min(calendar.length - 1, index))]!).slice(0, 10);

function indexAtLeast(calendar: Float64Array, time: Time): number {
  const index = calendar.findIndex((t) => t >= time);
  return index < 0 ? calendar.length : index;
}

function indexAtMost(calendar: Float64Array, time: Time): number {
  return calendar.findLastIndex((t) => t <= time + 86_399_999);
}
