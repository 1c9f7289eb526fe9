import type { Run } from '../../records/tracking/types.ts';
import { tags } from './tags.ts';
import type { Goal } from './types.ts';

/** One set of parameter values with its runs. */
export interface Row {
  readonly trial: number;
  readonly values: ReadonlyMap<string, string>;
  /** Mean of the metric over the runs; NaN where one lacks it. */
  readonly metric: number;
  /** Sample standard deviation over repeats and folds; NaN for a single run. */
  readonly deviation: number;
  readonly runIds: readonly string[];
  /** FINISHED, or the first other status among its runs. */
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Sets of values, the best first; what has no metric comes last. */
export function leaderboard(runs: readonly Run[], goal: Goal | undefined): Row[] {
  const trials = new Map<number, Run[]>();
  for (const run of runs) {
    const trial = Number(run.data.tags.get(tags.trial) ?? Number.NaN);
    if (!Number.isNaN(trial)) trials.set(trial, [...(trials.get(trial) ?? []), run]);
  }
  const sign = goal?.maximize ? -1 : 1;
  return [...trials]
    .map(([trial, own]) => rowOf(trial, own, goal))
    .sort((a, b) => {
      if (Number.isNaN(a.metric) || Number.isNaN(b.metric))
        return Number(Number.isNaN(a.metric)) - Number(Number.isNaN(b.metric)) || a.trial - b.trial;
      return sign * (a.metric - b.metric) || a.trial - b.trial;
    });
}

function rowOf(trial: number, runs: readonly Run[], goal: Goal | undefined): Row {
  const other = runs.find((run) => run.info.status !== 'FINISHED');
  const stopped = other?.data.tags.get(tags.stopped);
  const names = new Set(runs.flatMap((run) => [...run.data.metrics.keys()]));
  const metrics = Object.fromEntries(
    [...names].map((name) => [
      name,
      mean(runs.map((run) => run.data.metrics.get(name)?.value ?? Number.NaN)),
    ]),
  );
  const values = goal ? runs.map((run) => run.data.metrics.get(goal.metric)?.value ?? Number.NaN) : [];
  const center = mean(values);
  return {
    trial,
    values: valuesOf(runs[0]!),
    metric: stopped === undefined ? center : Number.NaN,
    deviation:
      values.length < 2
        ? Number.NaN
        : Math.sqrt(values.reduce((s, v) => s + (v - center) ** 2, 0) / (values.length - 1)),
    runIds: runs.map((run) => run.info.runId),
    status: other ? (stopped === undefined ? other.info.status : `stopped at ${stopped}`) : 'FINISHED',
    metrics,
  };
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;

/** Values by key path of the overrides that set the run's trial apart. */
export function valuesOf(run: Run): Map<string, string> {
  const overrides = JSON.parse(run.data.tags.get(tags.overrides) ?? '[]') as string[];
  return new Map(
    overrides.map((text) => {
      const equals = text.indexOf('=');
      return equals < 0 ? [text, ''] : [text.slice(0, equals).replace(/^\++/, ''), text.slice(equals + 1)];
    }),
  );
}

/** Key paths cut to their last parts, as many as set them apart. */
export function shortKeys(keys: readonly string[]): Map<string, string> {
  const parts = keys.map((key) => key.split('.'));
  return new Map(
    keys.map((key, i) => {
      for (let n = 1; n < parts[i]!.length; n++) {
        const short = parts[i]!.slice(-n).join('.');
        if (keys.filter((_, j) => parts[j]!.slice(-n).join('.') === short).length === 1) return [key, short];
      }
      return [key, key];
    }),
  );
}
