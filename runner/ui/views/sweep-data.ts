import { post } from '../api.ts';
import type { Experiment, RunRow, RunsPage } from '../types.ts';
import { numberOf, numericKeys } from './compare-data.ts';
import { overridesTag, sweepValues } from './sweep-values.ts';

/** Tags by which runs say that they belong to a sweep. */
export const sweepTags = {
  overrides: overridesTag,
  id: 'qrun.sweep.id',
  name: 'qrun.sweep.name',
  metric: 'qrun.sweep.metric',
  direction: 'qrun.sweep.direction',
  total: 'qrun.sweep.points',
} as const;

const most = 1000;

/** Runs of a sweep (all sweeps without an id), over all experiments. */
export async function sweepRuns(id?: string): Promise<readonly RunRow[]> {
  const { experiments } = await post<{ experiments: Experiment[] }>('experiments/search', {});
  const quoted = id === undefined ? null : id.includes("'") ? `"${id}"` : `'${id}'`;
  const key = `tags.\`${sweepTags.id}\``;
  const { runs } = await post<RunsPage>('runs/search', {
    experiment_ids: experiments.map((e) => e.id),
    filter: quoted === null ? `${key} IS NOT NULL` : `${key} = ${quoted}`,
    limit: most,
  });
  return runs.map((run) => ({ ...run, params: sweepValues(run) ?? run.params }));
}

export interface SweepSummary {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly RunRow[];
  readonly goal: string;
  readonly maximize: boolean;
  readonly best: RunRow | undefined;
}

const likedGoals = [
  'metrics.1day.excess_return_with_cost.information_ratio',
  'metrics.IC',
  'metrics.Rank IC',
];

/** A sweep as its runs' tags tell of it; `chosen` is a goal that the reader prefers. */
export function summaryOf(id: string, runs: readonly RunRow[], chosen = ''): SweepSummary {
  const tag = (name: string) => runs.find((run) => name in run.tags)?.tags[name];
  const metric = tag(sweepTags.metric);
  const numbers = numericKeys(runs).filter((key) => key.startsWith('metrics.'));
  const goal =
    chosen ||
    (metric ? `metrics.${metric}` : (likedGoals.find((key) => numbers.includes(key)) ?? numbers[0] ?? ''));
  const direction = tag(sweepTags.direction);
  const maximize = direction === undefined ? !/(?:loss|mse|l2|std)/i.test(goal) : !/^min/i.test(direction);
  const ranked = runs
    .filter((run) => numberOf(run, goal) !== null)
    .sort((a, b) => (maximize ? -1 : 1) * (numberOf(a, goal)! - numberOf(b, goal)!));
  return { id, name: tag(sweepTags.name) ?? id, runs, goal, maximize, best: ranked[0] };
}

/**
 * How much of the goal's variance each varying param explains by itself: η², between the groups that share a value (numbers with many values in
 * five groups of equal size), from 0 to 1.
 */
export function importanceOf(runs: readonly RunRow[], goal: string): { key: string; share: number }[] {
  const points = runs.flatMap((run) => {
    const y = numberOf(run, goal);
    return y === null ? [] : [{ run, y }];
  });
  const mean = points.reduce((a, { y }) => a + y, 0) / points.length;
  const total = points.reduce((a, { y }) => a + (y - mean) ** 2, 0);
  if (points.length < 4 || total === 0) return [];
  const keys = [...new Set(points.flatMap(({ run }) => Object.keys(run.params)))].filter(
    (key) => !key.startsWith('cmd-sys') && new Set(points.map(({ run }) => run.params[key])).size > 1,
  );
  return keys
    .map((key) => {
      const groups = new Map<string, number[]>();
      for (const [i, group] of groupsOf(points.map(({ run }) => run.params[key] ?? '')).entries()) {
        const list = groups.get(group);
        if (list) list.push(points[i]!.y);
        else groups.set(group, [points[i]!.y]);
      }
      let between = 0;
      for (const list of groups.values())
        between += list.length * (list.reduce((a, b) => a + b, 0) / list.length - mean) ** 2;
      return { key, share: between / total };
    })
    .sort((a, b) => b.share - a.share);
}

const bins = 5;

function groupsOf(values: readonly string[]): string[] {
  if (new Set(values).size <= 2 * bins || !values.every((v) => v !== '' && Number.isFinite(Number(v))))
    return [...values];
  const sorted = values.map(Number).sort((a, b) => a - b);
  return values.map((v) =>
    String(Math.min(bins - 1, Math.floor((sorted.indexOf(Number(v)) / sorted.length) * bins))),
  );
}
