import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError, UserErrors } from '../../components/core/errors.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { TrackingError } from '../../records/tracking/errors.ts';
import { openStore } from '../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { inventoryOf } from '../config/check.ts';
import {
  checkWorkflow,
  formatErrors,
  operatorsWhereNamed,
  readWorkflow,
  type Settings,
  settingsOf,
  type Workflow,
} from '../config/index.ts';
import { fullCatalogue } from '../context.ts';
import { readsHoldout } from './holdout.ts';
import { hashOf } from './points.ts';
import type { JobFiles } from './queue/job-files.ts';
import { readSweep } from './read-sweep.ts';
import { dataStamp, type StageKeys, stageKeys } from './stage-key.ts';
import type { Point, Sweep } from './types.ts';
import { type Fold, walkForwardFolds } from './walk-forward.ts';
import { yamlText } from './yaml-text.ts';

export interface OpenSweepRequest {
  readonly file: string;
  readonly grid?: string | undefined;
  readonly uriFolder?: string | undefined;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** A point's workflow, read and checked. */
export interface PreparedPoint {
  readonly point: Point;
  readonly keys: StageKeys;
}

/** A sweep with its base workflow and store. */
export interface OpenSweep {
  readonly sweep: Sweep;
  /** The same for the same sweep file and base workflow, wherever they lie. */
  readonly id: string;
  readonly warnings: readonly string[];
  readonly folds: readonly Fold[];
  readonly uri: string;
  readonly store: TrackingStore;
  readonly experimentName: string;
  readonly base: Workflow;
  /** Made where it is not there. */
  experimentId(): Promise<string>;
  /** Undefined where there is none. */
  findExperiment(): Promise<string | undefined>;
  /** Reads and checks the workflow of a point. @throws UserErrors with places */
  prepare(point: Point): Promise<PreparedPoint>;
  /** The files of a point's workflow, for workers of other machines. */
  filesOf(point: Point): Promise<JobFiles>;
}

/** Reads a sweep and its base workflow and opens the store. @throws UserErrors with places */
export async function openSweep(request: OpenSweepRequest): Promise<OpenSweep> {
  const { cwd, home, env, version } = request;
  const { sweep: read, warnings } = await readSweep(request);
  const own =
    read.experimentName === undefined ? [] : [`++experiment_name=${JSON.stringify(read.experimentName)}`];
  const sweep: Sweep = { ...read, always: [...own, ...read.always] };
  const base = await readWorkflow(sweep.base, { env, cwd, overrides: sweep.always });
  const settings = await checked(base, { cwd, home });
  const uri = settings.qlib.expManager?.uri ?? `file:${cwd}/${request.uriFolder ?? 'mlruns'}`;
  const experimentName = settings.experimentName ?? sweep.name;
  const store = await openStore(uri, Date.now);
  const calendar = await calendarOf(settings, base);
  const folds = sweep.walkForward ? walkForwardFolds(base, calendar, sweep.walkForward) : [];
  const stamps = new Map<string, string>();
  const stampOf = ({ qlib }: Settings) => {
    const folders = Object.values(qlib.providerUri).sort();
    const known = folders.join('\0');
    if (!stamps.has(known)) stamps.set(known, folders.map((f) => (existsSync(f) ? dataStamp(f) : '')).join());
    return stamps.get(known)!;
  };
  const findExperiment = async () => {
    const found = await store.getExperimentByName(experimentName);
    if (found?.lifecycleStage === 'deleted')
      throw new UserError(`the experiment "${experimentName}" has been deleted`, {
        hint: 'restore it, or give the sweep another experiment_name',
      });
    return found?.experimentId;
  };
  return {
    sweep,
    id: sweepId(sweep, base),
    warnings,
    folds,
    uri,
    store,
    experimentName,
    base,
    findExperiment,
    async experimentId() {
      const found = await findExperiment();
      if (found !== undefined) return found;
      try {
        return await store.createExperiment(experimentName);
      } catch (error) {
        const other = error instanceof TrackingError ? await findExperiment() : undefined;
        if (other === undefined) throw error;
        return other;
      }
    },
    async filesOf(point) {
      const { jobFiles } = await import('./queue/job-files.ts');
      const workflow = await readWorkflow(sweep.base, { env, cwd, overrides: point.overrides });
      return jobFiles(workflow, resolve(cwd, sweep.base), cwd);
    },
    async prepare(point) {
      const workflow = await readWorkflow(sweep.base, { env, cwd, overrides: point.overrides });
      const pointSettings = await checked(workflow, { cwd, home });
      if (sweep.holdout) {
        const { labelHorizon } = await import('../config/rules/leaks.ts');
        const operators = (await operatorsWhereNamed(workflow))?.operators;
        const horizon = labelHorizon(inventoryOf(workflow), operators);
        const found = readsHoldout(workflow, sweep.holdout, { horizon, calendar });
        if (found.length > 0) throw placed(found, workflow);
      }
      const keys = stageKeys({
        workflow,
        settings: pointSettings,
        version,
        seed: point.seed ?? 0,
        data: stampOf(pointSettings),
      });
      return { point, keys };
    },
  };
}

async function checked(workflow: Workflow, where: { cwd: string; home: string }): Promise<Settings> {
  const { errors } = await checkWorkflow(workflow, fullCatalogue);
  if (errors.length > 0) throw placed(errors, workflow);
  return settingsOf(workflow, where);
}

function placed(errors: readonly UserError[], workflow: Workflow): UserErrors {
  return new UserErrors(
    errors.map((error) => new UserError(formatErrors([error], workflow), { cause: error })),
  );
}

/** @throws UserErrors where the base workflow names no data folder: before any point is run */
async function calendarOf({ qlib }: Settings, base: Workflow): Promise<Float64Array> {
  const pool = new WorkerPool(1);
  try {
    return await openData(qlib.providerUri, { pool }).calendar();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw placed([error.within(['qlib_init', 'provider_uri'])], base);
  } finally {
    await pool.close();
  }
}

/** What the points are made of; not how fast they are run, how many there may be or how they are shown. */
function sweepId(sweep: Sweep, base: Workflow): string {
  const {
    name,
    method,
    goal,
    parameters,
    list,
    always,
    seed,
    startup,
    repeats,
    walkForward,
    earlyStop,
    holdout,
  } = sweep;
  const parts = parameters.map((p) => ({ ...p, when: [...p.when].map(([k, v]) => [k, [...v]]) }));
  return hashOf([
    name,
    method,
    goal,
    parts,
    list,
    always,
    seed,
    startup,
    repeats,
    walkForward,
    earlyStop,
    holdout,
    yamlText(base.python),
  ]);
}
