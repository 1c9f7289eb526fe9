import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dayMs,
  formatTime,
  lowerBound,
  parseTime,
  type Time,
  upperBound,
} from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { DataHandler, DataKey } from '../../components/dataset/types.ts';
import { type ConfigValue, readWorkflow, settingsOf, type Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import type { RunRequest, runWorkflow } from '../workflow.ts';
import { comparePanels } from './compare-panels.ts';
import { compareTables } from './compare-tables.ts';
import { cutFolder } from './cut-folder.ts';
import type { Difference } from './difference.ts';
import { type RunParts, recordedRun } from './recorded-run.ts';

export interface LeakProof {
  /** Last days of the data of the runs that were compared with the whole. */
  readonly cuts: readonly Time[];
  /** Differences of the first cut that has any. */
  readonly differences: readonly Difference[];
  /** What was compared: columns of features, tables of predictions and orders. */
  readonly columns: number;
  readonly tables: readonly string[];
}

export interface LeakOptions {
  readonly request: Omit<RunRequest, 'hooks' | 'terminal' | 'verbose'>;
  /** Number of cuts. */
  readonly count: number;
  readonly say: (line: string) => void;
  /** Makes the runs. Handed in, because a workflow may ask for this proof itself. */
  readonly run: typeof runWorkflow;
}

/**
 * Runs a workflow with all its data, then with data that ends at days spread over the test segment, and compares every feature, processed feature,
 * prediction, day of a report and order that lies before the cut. What only looks back is the same in all of them; labels, which look
 * ahead by intent, are not compared. Where features have several rows a day, those of a last run that knows no value after the middle of a day are compared as well.
 * @throws UserError for a workflow without a test segment
 */
export async function proveLeaks({ request, count, say, run }: LeakOptions): Promise<LeakProof> {
  const { cwd, home, env, config, overrides } = request;
  const workflow = await readWorkflow(config, { env, cwd, overrides });
  const { qlib } = settingsOf(workflow, { cwd, home });
  const calendar = await openData(qlib.providerUri).calendar();
  const cuts = cutsOf(workflow, calendar, count);
  const folder = mkdtempSync(join(tmpdir(), 'qrun-leaks-'));
  const pool = new WorkerPool(request.threads);
  try {
    const base = { request, pool, run };
    const ends = backtestEnds(workflow);
    say(`with all days`);
    const whole = await recordedRun({
      ...base,
      folder: join(folder, 'whole'),
      providers: null,
      backtests: [],
    });
    for (const [i, day] of cuts.entries()) {
      const until = calendar[day]!;
      const own = join(folder, `cut-${i}`);
      const providers = cutAll(qlib.providerUri, own, until, null);
      say(`with days until ${new Date(until).toISOString().slice(0, 10)}`);
      // a backtest needs a day behind its last one
      const last = calendar[day - 1]!;
      const backtests = ends
        .filter(({ end }) => end === null || end > last)
        .map(({ path }) => ({ path, end: last }));
      const cut = await recordedRun({ ...base, folder: own, providers, backtests });
      const differences = await compareRuns(whole, cut, until, last);
      rmSync(own, { recursive: true, force: true });
      if (differences.length > 0) return await proof(whole, cuts.slice(0, i + 1), calendar, differences);
    }
    const day = cuts.at(-1);
    const moment = day === undefined ? null : await middleOf(whole.handler, calendar[day]!);
    const found = await proof(whole, cuts, calendar, []);
    if (day === undefined || moment === null) return found;
    const last = calendar[day - 1]!;
    const own = join(folder, 'within');
    const providers = cutAll(qlib.providerUri, own, calendar[day]!, moment);
    const backtests = ends
      .filter(({ end }) => end === null || end > last)
      .map(({ path }) => ({ path, end: last }));
    say(`with minutes until ${formatTime(moment)}`);
    const cut = await recordedRun({ ...base, folder: own, providers, backtests });
    const differences = await compareFeatures(whole, cut, moment);
    return { ...found, cuts: [...found.cuts, moment], differences };
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cuts the data folder of each frequency. */
function cutAll(
  folders: Readonly<Record<string, string>>,
  own: string,
  until: Time,
  within: Time | null,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(folders).map(([freq, source], k) => {
      const target = join(own, `data-${k}`);
      cutFolder(source, target, until, within);
      return [freq, target];
    }),
  );
}

/** The time in the middle of a day's rows of features; null where a day has one row at most. */
async function middleOf(handler: DataHandler | undefined, day: Time): Promise<Time | null> {
  const panel = handler && (await features(handler, 'raw', day + dayMs - 1));
  const times = panel?.index.times.filter((time) => time > day && time < day + dayMs) ?? [];
  return times.length > 1 ? times[Math.floor((times.length - 1) / 2)]! : null;
}

async function proof(
  { handler, tables }: RunParts,
  cuts: readonly number[],
  calendar: Float64Array,
  differences: readonly Difference[],
): Promise<LeakProof> {
  const columns = handler ? (await handler.columns('__raw')).filter((c) => c.group !== 'label').length : 0;
  return { cuts: cuts.map((day) => calendar[day]!), differences, columns, tables: [...tables.keys()] };
}

/** Calendar indices of the cuts: `count` days evenly spread inside of the test segment. */
function cutsOf(workflow: Workflow, calendar: Float64Array, count: number): number[] {
  const dataset = at(workflow.config, ['task', 'dataset', 'kwargs', 'segments', 'test']);
  const [start, end] = Array.isArray(dataset) ? dataset : [undefined, undefined];
  const time = (value: unknown) => (typeof value === 'string' ? parseTime(value) : undefined);
  if (start === undefined)
    throw new UserError('the dataset has no segment test: there is no day at which the data could be cut', {
      path: ['task', 'dataset', 'kwargs', 'segments'],
    });
  const from = lowerBound(calendar, time(start) ?? calendar[0]!);
  const to = upperBound(calendar, time(end) ?? calendar.at(-1)!);
  const days = Array.from(
    { length: count },
    (_, i) => from + Math.floor(((i + 1) * (to - from)) / (count + 1)),
  );
  // a few days of the test segment must be left to compare
  return [...new Set(days)].filter((day) => day > from + 2 && day < to);
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isMapping(value) ? value[key] : undefined), tree);
}

/** Keys of `end_time` of the backtests of all records. */
function backtestEnds({ config }: Workflow): { path: string; end: Time | null }[] {
  const record = at(config, ['task', 'record']);
  const list: unknown[] = Array.isArray(record) ? record : [record];
  return list.flatMap((spec, i) => {
    const backtest = at(spec, ['kwargs', 'config', 'backtest']);
    if (!isMapping(backtest)) return [];
    const end: ConfigValue | unknown = backtest['end_time'];
    const place = Array.isArray(record) ? `task.record.${i}` : 'task.record';
    return [
      {
        path: `${place}.kwargs.config.backtest.end_time`,
        end: typeof end === 'string' ? (parseTime(end) ?? null) : null,
      },
    ];
  });
}

async function compareRuns(
  whole: RunParts,
  cut: RunParts,
  until: Time,
  lastTraded: Time,
): Promise<Difference[]> {
  const found = await compareFeatures(whole, cut, until);
  // what comes later only carries it on
  if (found.length > 0) return found;
  const inOrder = [...whole.tables].sort(([a], [b]) => Number(b === 'pred.pkl') - Number(a === 'pred.pkl'));
  for (const [name, table] of inOrder) {
    const other = cut.tables.get(name);
    if (!other) continue;
    const isPrediction = name === 'pred.pkl';
    const part = isPrediction ? 'prediction' : name.includes('orders') ? 'orders' : 'report';
    found.push(...compareTables(part, table, other, isPrediction ? until : lastTraded - 1));
    if (found.length > 0) return found;
  }
  return found;
}

async function compareFeatures(whole: RunParts, cut: RunParts, until: Time): Promise<Difference[]> {
  const found: Difference[] = [];
  if (whole.handler && cut.handler) {
    for (const [key, part] of [
      ['raw', 'feature'],
      ['infer', 'processed feature'],
    ] as const) {
      const a = await features(whole.handler, key, until);
      const b = await features(cut.handler, key, until);
      if (a && b) found.push(...comparePanels(part, a, b, until));
      if (found.length > 0) return found;
    }
  }
  return found;
}

/** The columns of a view that are no label; undefined where the handler keeps no such view. */
async function features(handler: DataHandler, dataKey: DataKey, until: Time): Promise<Panel | undefined> {
  try {
    const panel = await handler.fetch({ start: null, end: until }, { colSet: '__raw', dataKey });
    return panel.select((c) => c.group !== 'label');
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
