import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError, UserErrors } from '../components/core/errors.ts';
import { WorkerPool } from '../components/core/workers.ts';
import { type CachedDataOptions, openCachedData } from '../components/data/cache/cached-provider.ts';
import { openData } from '../components/data/folder-provider.ts';
import type { DataProvider } from '../components/data/provider.ts';
import type { RecordContext } from '../records/record.ts';
import { RunWork } from '../records/template/run-work.ts';
import { markDeadRuns } from '../records/tracking/mark-dead.ts';
import { createR } from '../records/tracking/r.ts';
import type { Recorder } from '../records/tracking/recorder.ts';
import {
  checkAgainstData,
  checkWorkflow,
  formatErrors,
  operatorsWhereNamed,
  readWorkflow,
  type Settings,
  settingsOf,
  type Workflow,
} from './config/index.ts';
import { valueAt } from './config/rules/walk.ts';
import { RunConsole, type Terminal } from './console.ts';
import { blasThreadsOf, createContext, fullCatalogue } from './context.ts';
import { featureStore } from './feature-store.ts';
import { Figures } from './figures.ts';
import { isLost, lostRun } from './lost-run.ts';
import { limitsOfBlocks, memoryLimits } from './memory-limits.ts';
import { configText } from './record/config-text.ts';
import { RunRecord } from './record/run-record.ts';
import type { RunHooks } from './run-hooks.ts';
import { RunLog } from './run-log.ts';
import { summaryLines } from './summary.ts';
import { systemRefusal } from './system-error.ts';
import { logTask } from './task/log-task.ts';
import { runTask } from './task/run-task.ts';

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
  const figures = new Figures();
  let record: RunRecord | undefined;
  const console = new RunConsole({
    terminal,
    logLine: (line) => log.line(line),
    metric: (name, value, step) => {
      log.metric(name, value, step);
      figures.step(name, value, step);
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
    pool.start();
    const cache = featureStore(request, workflow, console);
    const data = await openFolder(workflow, settings, {
      ...{ pool, log: console, now, operators: await operatorsWhereNamed(workflow) },
      cache,
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
      onMetrics: (metrics) => figures.note(metrics),
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
    let recorder: Recorder | undefined;
    let isModelKept = false;
    let isTold = false;
    const run = async (recorder: Recorder) => {
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
          request.takesModels && cache
            ? (await import('./kept-models/open.ts')).openKeptModels({
                ...{ workflow, settings, cwd, env, home },
                ...{ seed: request.seed ?? 0, blasThreads: blasThreadsOf(env) },
              })
            : undefined;
        isModelKept = kept !== undefined;
        const onIdle = () => record?.hashEarly({ data, pool });
        const runWork = new RunWork(recorder, pool.beside);
        await runTask({
          ...{ R, recorder, workflow, settings, console, contextFor, log, hooks, now },
          ...{ runWork, onIdle, pool, kept },
          // what is kept between runs, or shared by those of a process, is kept and shared whole
          blockLimits: cache || hooks.handler ? undefined : limitsOfBlocks(memory, env),
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
        isTold = true;
        await record.end({ stages: console.stages, data, pool });
        for (const line of (await profile?.end(recorder)) ?? []) console.say(line);
        console.say(
          `run ${recorder.id} finished${console.warnings > 0 ? ` with ${console.warnings} warnings` : ''}`,
        );
        return { runId: recorder.id, experimentName, uri, metrics };
      } catch (error) {
        if (isLost(recorder)) throw error;
        log.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
        await record?.end({ stages: console.stages, data, pool });
        // what went wrong first is what counts
        await log.detach().catch(() => undefined);
        throw error instanceof UserError ? placed(error, workflow) : error;
      }
    };
    try {
      const outcome = await R.start({ experimentName, tags: request.tags }, async () => {
        recorder = await R.getRecorder();
        const outcome = await run(recorder);
        await log.detach();
        return outcome;
      });
      if (recorder === undefined || !isLost(recorder)) return outcome;
    } catch (error) {
      if (recorder === undefined) throw storeError(error, workflow);
      if (!isLost(recorder)) throw error;
    }
    if (!isTold) for (const line of figures.lines()) console.say(line);
    throw lostRun(recorder, isModelKept && console.stages.some(({ stage }) => stage === 'fit'));
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

/** What is wrong with a store that the workflow names is told where it does. */
function storeError(error: unknown, workflow: Workflow): unknown {
  const path = ['qlib_init', 'exp_manager', 'kwargs', 'uri'];
  const problem = error instanceof UserError ? error.problem : systemRefusal(error);
  if (problem === undefined || valueAt(workflow.config, path) === undefined) return error;
  const hint = error instanceof UserError ? error.hint : undefined;
  return placed(new UserError(problem, { hint, path, cause: error }), workflow);
}

/** Errors whose messages carry file, line and key path. */
function throwFound(errors: readonly UserError[], workflow: Workflow): void {
  if (errors.length > 0) throw new UserErrors(errors.map((error) => placed(error, workflow)));
}

function placed(error: UserError, workflow: Workflow): UserError {
  return new UserError(formatErrors([error], workflow), { cause: error });
}
