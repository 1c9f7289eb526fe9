import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTime, type Time } from '../../../components/core/dates.ts';
import { UserError, UserErrors } from '../../../components/core/errors.ts';
import { silentLog } from '../../../components/core/log.ts';
import { denseValues, type Panel } from '../../../components/core/panel.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import {
  checkWorkflow,
  formatErrors,
  operatorsWhereNamed,
  readWorkflow,
  settingsOf,
} from '../../config/index.ts';
import { isMapping } from '../../config/spec.ts';
import { blasThreadsOf, createContext, fullCatalogue } from '../../context.ts';
import { memoryLimits } from '../../memory-limits.ts';
import { combinePanels } from './combine.ts';
import { learnedState } from './learned-state.ts';
import { restoreModel } from './restore-model.ts';
import { recordedPanel } from './run-predictions.ts';

export interface UpdateOptions {
  readonly store: TrackingStore;
  readonly runId: string;
  /** Text of the run's config.yaml. */
  readonly config: string;
  readonly overrides: readonly string[];
  /** Last day; undefined: the newest of the calendar. */
  readonly end: Time | undefined;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly threads: number | undefined;
}

export interface Update {
  /** All predictions, the recorded ones first. */
  readonly pred: Panel;
  readonly before: string;
  readonly after: string;
  readonly newRows: number;
  /** Greatest difference between the recorded predictions of the last day and those made now; 0 where the data has not changed. */
  readonly lastDayDifference: number;
}

/**
 * Predicts with the recorded model from the last recorded day to `end` and puts what is new behind the recorded predictions, as qlib's
 * PredUpdater does. The recorded ones stay; the last day is predicted again to see whether the data has changed below it.
 * @throws UserError where `end` brings no new day
 */
export async function updatePredictions(options: UpdateOptions): Promise<Update> {
  const { store, runId, config, cwd, home, env, threads } = options;
  const old = await recordedPanel(store, runId, 'pred.pkl');
  const last = old.index.times.at(-1);
  if (last === undefined) throw new UserError(`run ${runId} has predicted nothing`);
  const folder = await mkdtemp(join(tmpdir(), 'qrun-predict-'));
  const pool = new WorkerPool(threads);
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, config);
    const first = await readWorkflow(file, { env, cwd, overrides: options.overrides });
    const operators = await operatorsWhereNamed(first);
    const data = openData(settingsOf(first, { cwd, home }).qlib.providerUri, { pool, operators });
    const calendar = await data.calendar();
    const end = calendar.findLast((t) => options.end === undefined || t <= options.end + 86_399_999);
    const day = (time: Time) => formatTime(time).slice(0, 10);
    if (end === undefined || end <= last)
      throw new UserError(`the predictions of run ${runId} reach ${day(last)} already`, {
        hint: `the last day of the data is ${day(calendar.at(-1)!)}`,
      });
    const workflow = await readWorkflow(file, {
      env,
      cwd,
      overrides: [...options.overrides, ...rangeOverrides(first.config['task'], day(last), day(end))],
    });
    const { errors } = await checkWorkflow(workflow, fullCatalogue);
    if (errors.length > 0)
      throw new UserErrors(errors.map((e) => new UserError(formatErrors([e], workflow), { cause: e })));
    const settings = settingsOf(workflow, { cwd, home });
    const context = createContext({
      workflow,
      regionName: settings.qlib.region,
      data,
      pool,
      log: silentLog,
      seed: 0,
      now: Date.now,
      blasThreads: blasThreadsOf(env),
      memory: memoryLimits(env),
    });
    const dataset = await context.build('dataset', settings.task.dataset, ['task', 'dataset']);
    const learned = await learnedState(store, runId);
    if (learned) dataset.handler.recall?.(learned);
    await dataset.setup();
    const model = await restoreModel(store, runId, context);
    const fresh = await model.predict(dataset);
    const { from } = fresh.index.range(last + 86_400_000, null);
    const added = fresh.slice(from, fresh.length);
    return {
      pred: combinePanels([old, added], 'mean', String(old.columns[0]!.name)),
      before: day(last),
      after: day(end),
      newRows: added.length,
      lastDayDifference: lastDayDifference(old, fresh, last),
    };
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The test segment begins at the last recorded day; the handler's range ends where that ends. Nothing else of the config changes. */
function rangeOverrides(task: unknown, from: string, to: string): string[] {
  const at = (value: unknown, key: string) => (isMapping(value) ? value[key] : undefined);
  const handler = at(at(at(at(task, 'dataset'), 'kwargs'), 'handler'), 'kwargs');
  const end = at(handler, 'end_time');
  return [
    `task.dataset.kwargs.segments.test=[${from}, ${to}]`,
    ...(typeof end === 'string' && end < to ? [`task.dataset.kwargs.handler.kwargs.end_time=${to}`] : []),
  ];
}

function lastDayDifference(old: Panel, fresh: Panel, day: Time): number {
  const scores = (panel: Panel) => {
    const { from, to } = panel.index.range(day, day);
    const values = denseValues(panel.columns[0]!);
    const { instruments, codes } = panel.index;
    return new Map(
      Array.from({ length: to - from }, (_, i) => [instruments[codes[from + i]!]!, values[from + i]!]),
    );
  };
  const [a, b] = [scores(old), scores(fresh)];
  let greatest = 0;
  for (const [name, value] of a) {
    const other = b.get(name);
    const difference = other === undefined ? Number.POSITIVE_INFINITY : Math.abs(value - other);
    if (!Number.isNaN(difference)) greatest = Math.max(greatest, difference);
  }
  return greatest;
}
