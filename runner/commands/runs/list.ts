import { UserError } from '../../../components/core/errors.ts';
import { nearest } from '../../../components/core/nearest.ts';
import { settledRun } from '../../../records/tracking/mark-dead.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { ExperimentInfo, Run, ViewType } from '../../../records/tracking/types.ts';
import { allExperiments, searchAll } from './all-runs.ts';
import {
  attributes,
  type ListedRun,
  listedRun,
  metricColumn,
  parseColumns,
  type RunColumn,
} from './columns.ts';
import { csvText } from './csv-text.ts';
import { print, type StoreFlags, withStore } from './open.ts';
import { runJson } from './run-json.ts';
import { type Cell, textTable } from './text-table.ts';

export interface ListFlags extends StoreFlags {
  /** Names or ids; default all. */
  readonly experiment?: readonly string[];
  /** MLflow's search language. */
  readonly filter?: string;
  /** `IC desc`, `params.x`; the newest first by default. */
  readonly sort?: readonly string[];
  readonly limit: number;
  readonly columns?: string;
  readonly deleted?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `qrun runs`: lists the runs of a store as a table, JSON or CSV. */
export function listRuns(flags: ListFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const view: ViewType = flags.all ? 'ALL' : flags.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY';
    const experiments = await chosenExperiments(store, flags.experiment, view);
    const orderBy = (flags.sort ?? []).map(orderKey);
    const found = await searchAll(store, experiments, {
      filter: flags.filter,
      orderBy: orderBy.length > 0 ? orderBy : ['attributes.start_time DESC'],
      view,
      limit: flags.limit,
    });
    const names = new Map(experiments.map((e) => [e.experimentId, e.name]));
    const now = Date.now();
    const settled = await Promise.all(found.runs.map((run) => settledRun(store, run, now)));
    const listed = settled.map((run) => listedRun(run, names, now));
    const columns = flags.columns === undefined ? undefined : parseColumns(flags.columns, found.runs);
    if (flags.json)
      print(
        JSON.stringify(
          listed.map((l) => (columns ? cellsJson(columns, l) : runJson(l))),
          null,
          2,
        ),
      );
    else if (flags.csv) process.stdout.write(csvOf(listed, columns));
    else {
      print(tableOf(listed, columns));
      if (found.hasMore) print(`the first ${flags.limit}; --limit shows more`);
      const dead = listed.filter((l) => l.status === 'DEAD').length;
      if (dead > 0)
        print(
          `${dead} DEAD: started, but the process is gone; "qrun runs mark-dead" or the next run in this store marks them FAILED`,
        );
    }
    return 0;
  });
}

async function chosenExperiments(
  store: TrackingStore,
  wanted: readonly string[] | undefined,
  view: ViewType,
): Promise<ExperimentInfo[]> {
  const all = await allExperiments(store, view === 'ACTIVE_ONLY' ? view : 'ALL');
  if (!wanted || wanted.length === 0) return all;
  return wanted.map((text) => {
    const found = all.find((e) => e.name === text) ?? all.find((e) => e.experimentId === text);
    if (found) return found;
    const near = nearest(
      text,
      all.map((e) => e.name),
    );
    throw new UserError(`no experiment "${text.slice(0, 200)}" in ${store.uri}`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}it has ${all.map((e) => e.name).join(', ') || 'none'}`,
    });
  });
}

const orderable: ReadonlySet<string> = new Set([
  'start_time',
  'end_time',
  'status',
  'run_name',
  'run_id',
  'artifact_uri',
  'experiment_id',
  'user_id',
]);
const shortNames: Readonly<Record<string, string>> = {
  started: 'start_time',
  ended: 'end_time',
  name: 'run_name',
};

/** A key without its kind is a metric, unless it is an attribute. */
function orderKey(text: string): string {
  const [, key = text, direction = ''] = /^(.*?)(\s+(?:asc|desc))?\s*$/is.exec(text) ?? [];
  if (/^(?:metrics?|params?|parameters?|tags?|attributes?|attr|run)\./i.test(key)) return text;
  const attributeName = shortNames[key] ?? key;
  if (orderable.has(attributeName)) return `attributes.${attributeName}${direction}`;
  return `metrics.\`${key}\`${direction}`;
}

/** Figures that are shown where nobody asks for others. */
const usualMetrics = [
  'IC',
  'ICIR',
  'Rank IC',
  '1day.excess_return_with_cost.annualized_return',
  '1day.excess_return_with_cost.information_ratio',
  '1day.excess_return_with_cost.max_drawdown',
];
/** Their columns would be wider than what stands in them. */
const shortTitles: Readonly<Record<string, string>> = {
  '1day.excess_return_with_cost.annualized_return': 'ann. return',
  '1day.excess_return_with_cost.information_ratio': 'inf. ratio',
  '1day.excess_return_with_cost.max_drawdown': 'drawdown',
};

function tableOf(listed: readonly ListedRun[], chosen: readonly RunColumn[] | undefined): string {
  if (listed.length === 0) return 'no runs';
  const columns = [
    attributes['id']!,
    attributes['status']!,
    ...(chosen ?? usualColumns(listed.map((l) => l.run))),
  ];
  return textTable(
    columns.map((c) => c.title),
    listed.map((l) => columns.map((c) => c.value(l))),
  );
}

function usualColumns(runs: readonly Run[]): RunColumn[] {
  const metrics = usualMetrics
    .filter((name) => runs.some((run) => run.data.metrics.has(name)))
    .map((name) => ({ ...metricColumn(name), title: shortTitles[name] ?? name }));
  return [
    attributes['started']!,
    attributes['seconds']!,
    attributes['experiment']!,
    attributes['name']!,
    ...metrics,
  ];
}

const cellsJson = (columns: readonly RunColumn[], l: ListedRun): Record<string, Cell> => ({
  run_id: l.run.info.runId,
  ...Object.fromEntries(columns.map((c) => [c.title, c.value(l)])),
});

/** All that the runs have, one column each, unless columns are chosen. */
function csvOf(listed: readonly ListedRun[], chosen: readonly RunColumn[] | undefined): string {
  const runs = listed.map((l) => l.run);
  const columns = [
    attributes['run_id']!,
    ...(chosen ?? [
      ...['name', 'experiment', 'status', 'started', 'ended'].map((name) => attributes[name]!),
      ...parseColumns('metrics.*,params.*', runs),
    ]),
  ];
  return csvText(
    columns.map((c) => c.title),
    listed.map((l) => columns.map((c) => c.value(l))),
  );
}
