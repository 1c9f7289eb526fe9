import { UserError } from '../../../components/core/errors.ts';
import { nearest } from '../../../components/core/nearest.ts';
import { localTime } from '../../../records/tracking/local-time.ts';
import { type ShownStatus, shownStatus } from '../../../records/tracking/mark-dead.ts';
import type { Run } from '../../../records/tracking/types.ts';
import type { Cell } from './text-table.ts';

/** A run as it is listed. */
export interface ListedRun {
  readonly run: Run;
  readonly experiment: string;
  readonly status: ShownStatus;
}

export function listedRun(run: Run, names: ReadonlyMap<string, string>, now: number): ListedRun {
  return {
    run,
    experiment: names.get(run.info.experimentId) ?? run.info.experimentId,
    status: shownStatus(run, now),
  };
}

/** A column of a list of runs. */
export interface RunColumn {
  readonly title: string;
  value(listed: ListedRun): Cell;
}

const attribute = (title: string, value: (listed: ListedRun) => Cell): RunColumn => ({ title, value });

/** Columns about the run itself. */
export const attributes: Readonly<Record<string, RunColumn>> = {
  run_id: attribute('run_id', ({ run }) => run.info.runId),
  id: attribute('run', ({ run }) => run.info.runId.slice(0, 8)),
  name: attribute('name', ({ run }) => run.info.runName),
  experiment: attribute('experiment', ({ experiment }) => experiment),
  experiment_id: attribute('experiment_id', ({ run }) => run.info.experimentId),
  status: attribute('status', ({ status }) => status),
  started: attribute('started', ({ run }) => localTime(run.info.startTime)),
  ended: attribute('ended', ({ run }) => localTime(run.info.endTime)),
  seconds: attribute('seconds', ({ run: { info } }) =>
    info.startTime === null || info.endTime === null ? null : (info.endTime - info.startTime) / 1000,
  ),
  user: attribute('user', ({ run }) => run.info.userId),
};

export const metricColumn = (name: string): RunColumn => ({
  title: name,
  value: ({ run }) => run.data.metrics.get(name)?.value ?? null,
});
const paramColumn = (name: string): RunColumn => ({
  title: name,
  value: ({ run }) => run.data.params.get(name) ?? null,
});
const tagColumn = (name: string): RunColumn => ({
  title: name,
  value: ({ run }) => run.data.tags.get(name) ?? null,
});

const kinds: readonly [
  prefix: string,
  of: (run: Run) => ReadonlyMap<string, unknown>,
  column: (name: string) => RunColumn,
][] = [
  ['metrics.', ({ data }) => data.metrics, metricColumn],
  ['params.', ({ data }) => data.params, paramColumn],
  ['tags.', ({ data }) => data.tags, tagColumn],
];

/**
 * The columns that a text names, by commas: `IC`, `metrics.IC`, `params.model.class`, `tags.x`, `started`; `metrics.*` are all. A bare name is an
 * attribute, else a metric, a param or a tag, whichever the runs have.
 * @throws UserError for a name that no run has
 */
export function parseColumns(text: string, runs: readonly Run[]): RunColumn[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => columnsOf(name, runs));
}

function columnsOf(name: string, runs: readonly Run[]): RunColumn[] {
  const plain = name.startsWith('attributes.') ? name.slice('attributes.'.length) : name;
  if (Object.hasOwn(attributes, plain)) return [attributes[plain]!];
  for (const [prefix, of, column] of kinds) {
    if (name === `${prefix}*`) return namesOf(runs, of).map(column);
    if (name.startsWith(prefix) && runs.some((run) => of(run).has(name.slice(prefix.length))))
      return [column(name.slice(prefix.length))];
  }
  for (const [, of, column] of kinds) if (runs.some((run) => of(run).has(name))) return [column(name)];
  if (runs.length === 0) return [{ title: name, value: () => null }];
  const known = [...Object.keys(attributes), ...kinds.flatMap(([, of]) => namesOf(runs, of))];
  const near = nearest(name, known);
  throw new UserError(`no run here has a column "${name.slice(0, 200)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}a column is a metric, a param, a tag, metrics.*, or one of ${Object.keys(attributes).join(', ')}`,
  });
}

/** Names that any of the runs has, sorted. */
export function namesOf(runs: readonly Run[], of: (run: Run) => ReadonlyMap<string, unknown>): string[] {
  return [...new Set(runs.flatMap((run) => [...of(run).keys()]))].sort();
}
