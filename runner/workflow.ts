import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from '../components/core/context.ts';
import { type KeyPath, UserError, UserErrors } from '../components/core/errors.ts';
import { WorkerPool } from '../components/core/workers.ts';
import { type CachedDataOptions, openCachedData } from '../components/data/cache/cached-provider.ts';
import { openData } from '../components/data/folder-provider.ts';
import type { DataProvider } from '../components/data/provider.ts';
import type { Dataset, Reweighter } from '../components/dataset/types.ts';
import type { Model } from '../components/model/model.ts';
import type { RecordContext } from '../records/record.ts';
import { RunWork } from '../records/template/run-work.ts';
import { flattenDict } from '../records/tracking/flatten.ts';
import { markDeadRuns } from '../records/tracking/mark-dead.ts';
import { createR, type QlibRecorder } from '../records/tracking/r.ts';
import type { Recorder } from '../records/tracking/recorder.ts';
import {
  checkAgainstData,
  checkWorkflow,
  fillPlaceholders,
  formatErrors,
  operatorsWhereNamed,
  readWorkflow,
  type Settings,
  settingsOf,
  type Workflow,
} from './config/index.ts';
import { valueAt } from './config/rules/walk.ts';
import { isMapping } from './config/spec.ts';
import { RunConsole, type Terminal } from './console.ts';
import { blasThreadsOf, createContext, fullCatalogue } from './context.ts';
import { featureStore } from './feature-store.ts';
import { HeardLog, sayAgain } from './kept-models/heard-log.ts';
import type { KeptModels, KeptTraining } from './kept-models/kept-models.ts';
import { memoryLimits } from './memory-limits.ts';
import { configText } from './record/config-text.ts';
import { RunRecord } from './record/run-record.ts';
import type { RunHooks } from './run-hooks.ts';
import { RunLog } from './run-log.ts';
import { runRecords } from './run-records.ts';
import { summaryLines } from './summary.ts';
import { tags } from './sweep/tags.ts';

export interface RunRequest {
  readonly config: string;
  /** Changes of the config: `task.model.kwargs.alpha=0.1`; see runner/overrides. */
  readonly overrides?: readonly string[] | undefined;
  /** Tags that the run has from its first moment. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** The seed of what draws random numbers without a seed of its own in the config; default 0. */
  readonly seed?: number | undefined;
  readonly hooks?: RunHooks | undefined;
  /** Used where the file itself names no experiment. */
  readonly experimentName?: string | undefined;
  /** Folder of the store below `cwd`; the file's `qlib_init.exp_manager` comes first, as in qlib. */
  readonly uriFolder?: string | undefined;
  readonly threads?: number | undefined;
  /** Whether computed features are kept and taken between runs; else the workflow's `cache` says so, true if it is silent. */
  readonly cache?: boolean | undefined;
  /** Whether a model that an earlier run has trained of the same config on the same data is taken, where the cache is used. */
  readonly takesModels?: boolean | undefined;
  /** Whether CPU profiles of all threads are kept and told; see runner/profile. */
  readonly isProfiled?: boolean | undefined;
  readonly verbose: boolean;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly now: () => number;
}

export interface RunOutcome {
  readonly runId: string;
  readonly experimentName: string;
  readonly uri: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Reads, checks, builds, trains in a recorder, makes the records: qlib's `qrun`. @throws UserErrors with places before data is touched. */
export async function runWorkflow(request: RunRequest): Promise<RunOutcome> {
  const { config, overrides, cwd, home, env, terminal, now, hooks = {} } = request;
  const log = new RunLog();
  let record: RunRecord | undefined;
  const console = new RunConsole({
    terminal,
    logLine: (line) => log.line(line),
    metric: (name, value, step) => {
      log.metric(name, value, step);
      hooks.onMetric?.(name, value, step);
    },
    now,
    verbose: request.verbose,
    stageChanged: (running) => record?.stagesChanged(console.stages, running),
  });
  const workflow = await readWorkflow(config, { env, cwd, overrides });
  const memory = memoryLimits(env);
  const pool = hooks.pool ?? new WorkerPool(request.threads);
  const profile = request.isProfiled
    ? await (await import('./profile/run-profile.ts')).RunProfile.start(pool)
    : undefined;
  let close: (() => Promise<void>) | undefined;
  try {
    const settings = await checkedSettings(workflow, console, { cwd, home });
    const data = await openFolder(workflow, settings, {
      ...{ pool, log: console, now, operators: await operatorsWhereNamed(workflow) },
      cache: featureStore(request, workflow),
    });
    const found = await checkAgainstData(workflow, data);
    throwFound(found.errors, workflow);
    for (const warning of found.warnings) console.warn(formatErrors([warning], workflow));
    if (workflow.config['leak'] === 'fail')
      await console.stage('leak check', async () =>
        (await import('./leaks/refuse-leaks.ts')).refuseLeaks(request, runWorkflow),
      );

    const uri = settings.qlib.expManager?.uri ?? storeUri(cwd, request.uriFolder ?? 'mlruns');
    const R = createR({
      uri,
      defaultExpName: settings.qlib.expManager?.default_exp_name ?? 'Experiment',
      now,
    });
    close = () => R.expManager.close();
    const experimentName = settings.experimentName ?? request.experimentName ?? 'workflow';
    const contextFor = (extra: Partial<RecordContext> = {}) =>
      createContext({
        workflow,
        regionName: settings.qlib.region,
        data,
        pool,
        log: console,
        seed: request.seed ?? 0,
        now,
        blasThreads: blasThreadsOf(env),
        memory,
        extra,
      });

    console.say(`qrun ${config} -> experiment "${experimentName}" in ${uri}`);
    if (!hooks.pool) await markDeadRuns(await R.expManager.store(), now());
    return await R.start({ experimentName, tags: request.tags }, async () => {
      const recorder = await R.getRecorder();
      hooks.onStart?.({ runId: recorder.id, experimentId: recorder.experimentId, uri });
      try {
        await log.attach(recorder);
        record = await RunRecord.start({
          recorder,
          log: console,
          config: configText({ workflow, settings, experimentName }),
          settings: { cwd, seed: request.seed ?? 0, threads: pool.size, blasThreads: blasThreadsOf(env) },
        });
        await logTask(recorder, workflow, settings);
        const kept =
          request.takesModels && featureStore(request, workflow)
            ? (await import('./kept-models/open.ts')).openKeptModels({
                ...{ workflow, settings, cwd, env, home },
                ...{ seed: request.seed ?? 0, blasThreads: blasThreadsOf(env) },
              })
            : undefined;
        const onIdle = () => record?.hashEarly({ data, pool });
        const runWork = new RunWork(recorder, pool.beside);
        await runTask({
          ...{ R, recorder, workflow, settings, console, contextFor, log, hooks, now },
          ...{ runWork, onIdle, pool, kept },
        });
        record.printEarly({ data, pool });
        await recorder.saveObjects({ config: workflow.python });
        if (settings.task.records.length > 0)
          await console.stage('report', async () =>
            (await import('./report-run.ts')).reportRun({
              R,
              recorder,
              data,
              log: console,
              pool,
              runWork,
            }),
          );
        const metrics = await recorder.listMetrics();
        for (const line of summaryLines(metrics, await recorder.listTags())) console.say(line);
        await record.end({ stages: console.stages, data, pool });
        for (const line of (await profile?.end(recorder)) ?? []) console.say(line);
        console.say(
          `run ${recorder.id} finished${console.warnings > 0 ? ` with ${console.warnings} warnings` : ''}`,
        );
        return { runId: recorder.id, experimentName, uri, metrics };
      } catch (error) {
        log.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
        await record?.end({ stages: console.stages, data, pool });
        throw error instanceof UserError ? placed(error, workflow) : error;
      } finally {
        await log.detach();
      }
    });
  } finally {
    await close?.();
    if (pool !== hooks.pool) await pool.close();
  }
}

async function checkedSettings(
  workflow: Workflow,
  console: RunConsole,
  where: { cwd: string; home: string },
): Promise<Settings> {
  const { errors, warnings } = await checkWorkflow(workflow, fullCatalogue);
  throwFound(errors, workflow);
  for (const warning of warnings) console.warn(formatErrors([warning], workflow));
  return settingsOf(workflow, where);
}

/** A folder below `cwd`, as qlib has it, or a tracking uri as it is. */
function storeUri(cwd: string, folder: string): string {
  return /^(file|sqlite|https?):/.test(folder) ? folder : pathToFileURL(resolve(cwd, folder)).href;
}

/** What is wrong with the folder as a whole is told where the workflow names it. */
async function openFolder(
  workflow: Workflow,
  { qlib }: Settings,
  {
    cache,
    ...options
  }: Omit<CachedDataOptions, 'store' | 'keeps'> & { readonly cache: ReturnType<typeof featureStore> },
): Promise<DataProvider> {
  try {
    const data = cache
      ? openCachedData(qlib.providerUri, { ...options, ...cache })
      : openData(qlib.providerUri, options);
    await data.markets();
    await data.calendar();
    return data;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserErrors([placed(error.within(['qlib_init', 'provider_uri']), workflow)]);
  }
}

/** Errors whose messages carry file, line and key path. */
function throwFound(errors: readonly UserError[], workflow: Workflow): void {
  if (errors.length > 0) throw new UserErrors(errors.map((error) => placed(error, workflow)));
}

function placed(error: UserError, workflow: Workflow): UserError {
  return new UserError(formatErrors([error], workflow), { cause: error });
}

/** What qlib's `begin_task_train` keeps of the task: flattened params, the task itself, the host. */
async function logTask(recorder: Recorder, workflow: Workflow, { task }: Settings): Promise<void> {
  const { hostname } = await import('node:os');
  const python = taskOf(workflow.python);
  await recorder.logParams(Object.fromEntries(flattenDict(python)));
  await recorder.saveObjects({ task: python ?? task.raw });
  await recorder.setTags({ hostname: hostname() });
}

function taskOf(tree: unknown): Readonly<Record<string, unknown>> {
  const task = tree instanceof Map ? tree.get('task') : (tree as Record<string, unknown>)['task'];
  return task as Readonly<Record<string, unknown>>;
}

interface TaskRun {
  readonly R: QlibRecorder;
  readonly recorder: Recorder;
  readonly workflow: Workflow;
  readonly settings: Settings;
  readonly console: RunConsole;
  readonly log: RunLog;
  readonly hooks: RunHooks;
  readonly runWork: RunWork;
  readonly pool: WorkerPool;
  readonly kept: KeptModels | undefined;
  now(): number;
  /** Called when records begin that leave the worker threads idle. */
  onIdle(): void;
  contextFor(extra?: Partial<RecordContext>): Context;
}

/** qlib's `_exe_task`: model, dataset, fit, records. */
async function runTask(run: TaskRun): Promise<void> {
  const { R, recorder, settings, console, hooks, contextFor } = run;
  const { task } = settings;
  const isReused =
    hooks.reuseFit !== undefined && (await console.stage('reuse', () => hooks.reuseFit!(R, recorder)));
  const { model, dataset } = isReused ? {} : await fitModel(run);
  const placeholders = new Map<string, unknown>([
    ['<MODEL>', model],
    ['<DATASET>', dataset],
  ]);
  const print = (text: string) => console.info(text);
  const signal = isReused ? task.records.findIndex(({ spec }) => nameOf(spec) === 'SignalRecord') : -1;
  await runRecords({
    records: task.records
      .filter((_, i) => i !== signal)
      .map((record) => ({ ...record, name: nameOf(record.spec) })),
    console,
    now: run.now,
    make: ({ spec, path }, own) =>
      contextFor({ recorder, model, dataset, print, log: own, runWork: run.runWork }).build(
        'record',
        fillPlaceholders(spec, placeholders),
        path,
      ),
    generate: (template, { spec, path }) => placedAt(path, spec, () => template.generate()),
    onBegun: () => void run.runWork.beginReport(),
    onIdle: () => run.onIdle(),
  });
}

/** What a component finds wrong as it works stands in its kwargs, or is its own as a whole. */
async function placedAt<T>(path: KeyPath, spec: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first] = error.path;
    if (first === undefined) throw error.within(path);
    const kwargs = valueAt(spec, ['kwargs']);
    throw isMapping(kwargs) && Object.hasOwn(kwargs, first) ? error.within([...path, 'kwargs']) : error;
  }
}

/** Builds and trains the model and keeps what it learned. */
async function fitModel(run: TaskRun): Promise<{ model: Model; dataset: Dataset }> {
  const { recorder, settings, console, log, hooks, contextFor } = run;
  const { task } = settings;
  const context = contextFor();
  const untrained: Model = await context.build('model', task.model, ['task', 'model']);
  const dataset = await context.build('dataset', await withSharedHandler(run, context), ['task', 'dataset']);
  const reweighter =
    task.reweighter === undefined
      ? undefined
      : await context.build('reweighter', task.reweighter, ['task', 'reweighter']);
  await console.stage(
    'data',
    async () => {
      await placedAt(['task', 'dataset'], task.dataset, () => dataset.setup());
      return dataset.blocks?.();
    },
    {
      result: (blocks) =>
        blocks ? `features in blocks of ${blocks.width} of ${blocks.features.length} columns` : '',
    },
  );
  const model = await trainedModel(run, untrained, dataset, reweighter);
  const stepMetrics = await log.flushMetrics(recorder);
  const { files, ...state } = model.state();
  await recorder.saveObjects({ 'params.pkl': { ...state, files: Object.keys(files) } });
  for (const [name, content] of Object.entries(files)) await recorder.writeArtifact(name, content);
  await recorder.saveObjects({ dataset: task.dataset });
  const learned = dataset.handler.learnedState?.();
  if (learned) await recorder.saveObjects({ 'processors.pkl': learned });
  await hooks.onFitted?.(recorder, stepMetrics);
  return { model, dataset };
}

/** The model, trained, or as an earlier run has trained it of the same config on the same data. */
async function trainedModel(
  { console, hooks, kept, pool, recorder, now, settings }: TaskRun,
  model: Model,
  dataset: Dataset,
  reweighter: Reweighter | undefined,
): Promise<Model> {
  const earlier = await kept?.find(pool, new Date(now()));
  const heard = new HeardLog(console);
  await console.stage(
    'fit',
    async () => {
      if (earlier) return sayAgain(earlier.training, console);
      const fit = placedAt(['task', 'model'], settings.task.model, () =>
        model.fit(dataset, { log: kept ? heard : console, reweighter }),
      );
      await (hooks.interrupted ? Promise.race([fit, hooks.interrupted]) : fit);
    },
    { result: () => (earlier ? takenText(earlier.training) : '') },
  );
  if (earlier) {
    await recorder.setTags({ [tags.reusedFrom]: earlier.training.runId });
    return earlier.model;
  }
  const { warnings, metrics } = heard;
  kept?.keep({ state: model.state(), warnings, metrics, runId: recorder.id, at: now() });
  return model;
}

function takenText({ runId, at }: KeptTraining): string {
  const day = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `taken from run ${runId.slice(0, 8)} of ${day} UTC: same config, data and version (--retrain trains)`;
}

/** The config of the dataset; with the handler in place that the process has already, where runs share one. */
async function withSharedHandler({ workflow, settings, hooks }: TaskRun, context: Context): Promise<unknown> {
  const { dataset } = settings.task;
  if (!hooks.handler || !isMapping(dataset) || !isMapping(dataset['kwargs'])) return dataset;
  const { kwargs } = dataset;
  const spec = kwargs['handler'];
  if (!isMapping(spec)) return dataset;
  const make = () => context.build('handler', spec, ['task', 'dataset', 'kwargs', 'handler']);
  const handler = await hooks.handler({ workflow, settings }, make);
  return { ...dataset, kwargs: { ...kwargs, handler } };
}

function nameOf(spec: unknown): string {
  const name = typeof spec === 'string' ? spec : (spec as { class?: unknown } | null)?.class;
  return typeof name === 'string' ? (name.split('.').at(-1) ?? name) : 'record';
}
