import { createInterface } from 'node:readline/promises';
import { UserError } from '../../../components/core/errors.ts';
import { livenessOf } from '../../../records/tracking/liveness.ts';
import { markDead, runningRuns, settledRun } from '../../../records/tracking/mark-dead.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { allExperiments, searchAll } from './all-runs.ts';
import { findRun } from './find-run.ts';
import { print, type StoreFlags, withStore } from './open.ts';

export interface RunsFlags extends StoreFlags {
  readonly runs: readonly string[];
}

/** `qrun runs rm RUN...`: to the trash, from which `restore` brings back. All are found before any is touched. */
export function removeRuns(flags: RunsFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const runs = await findAll(store, flags.runs, 'ACTIVE_ONLY');
    refuseRunning(runs, 'end it first (Ctrl-C)');
    for (const { info } of runs) {
      await store.deleteRun(info.runId);
      print(`${info.runId}: deleted; "qrun runs restore" brings it back, "qrun runs gc" ends it for good`);
    }
    return 0;
  });
}

/** `qrun runs restore RUN...`. */
export function restoreRuns(flags: RunsFlags): Promise<number> {
  return withStore(flags, async (store) => {
    for (const { info } of await findAll(store, flags.runs, 'DELETED_ONLY')) {
      await store.restoreRun(info.runId);
      print(`${info.runId}: restored`);
    }
    return 0;
  });
}

export interface GcFlags extends StoreFlags {
  readonly yes?: boolean;
  /** Only tell what would be deleted. */
  readonly dryRun?: boolean;
}

/** `qrun runs gc`: deletes for good what is in the trash: deleted runs, then deleted experiments. */
export function collectGarbage(flags: GcFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const { purgeRun, purgeExperiment } = store;
    if (!purgeRun || !purgeExperiment)
      throw new UserError(`${store.uri} can't delete for good`, {
        hint: 'run gc on the machine of the store, with its folder or file as --uri',
      });
    const experiments = await allExperiments(store, 'ALL');
    const deleted = experiments.filter((e) => e.lifecycleStage === 'deleted');
    const { runs } = await searchAll(store, experiments, {
      view: 'DELETED_ONLY',
      limit: Number.POSITIVE_INFINITY,
    });
    refuseRunning(runs, 'it is in the trash, but its process still writes: end that first');
    if (runs.length + deleted.length === 0) {
      print('the trash is empty');
      return 0;
    }
    for (const { info } of runs) print(`run ${info.runId}  ${info.runName}`);
    for (const { experimentId, name } of deleted) print(`experiment ${experimentId}  ${name}`);
    if (flags.dryRun) return 0;
    const what = `${runs.length} runs and ${deleted.length} experiments`;
    if (!flags.yes && !(await confirmed(`delete ${what} for good?`))) {
      print('nothing deleted');
      return 1;
    }
    for (const { info } of runs) await purgeRun.call(store, info.runId);
    for (const { experimentId } of deleted) await purgeExperiment.call(store, experimentId);
    print(`deleted ${what} for good`);
    return 0;
  });
}

export interface MarkDeadFlags extends RunsFlags {
  /** Also runs of other machines that have been silent for long. */
  readonly silent?: boolean;
}

/** `qrun runs mark-dead [RUN...]`: marks runs FAILED whose processes are gone; named ones also where nothing is known of their process. */
export function markDeadCommand(flags: MarkDeadFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const now = Date.now();
    let dead: Run[];
    if (flags.runs.length > 0) {
      dead = await Promise.all(
        (await findAll(store, flags.runs, 'ALL')).map((run) => settledRun(store, run, now)),
      );
      for (const run of dead) {
        const liveness = livenessOf(run, now);
        if (liveness === 'running')
          throw new UserError(`run ${run.info.runId} is alive`, { hint: 'its process gives signs of life' });
        if (liveness === 'ended')
          throw new UserError(`run ${run.info.runId} has ended: it is ${run.info.status}`);
      }
    } else {
      const running = await runningRuns(store, now);
      dead = running
        .filter(({ liveness }) => liveness === 'died' || (flags.silent && liveness === 'silent'))
        .map(({ run }) => run);
    }
    for (const run of dead) {
      await markDead(store, run, now);
      print(`${run.info.runId}: FAILED, its process is gone`);
    }
    if (dead.length === 0) print('no run is dead');
    return 0;
  });
}

async function findAll(
  store: TrackingStore,
  names: readonly string[],
  view: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL',
): Promise<Run[]> {
  const found = new Map<string, Run>();
  for (const name of names) {
    const run = await findRun(store, name, view);
    found.set(run.info.runId, run);
  }
  return [...found.values()];
}

function refuseRunning(runs: readonly Run[], hint: string): void {
  const now = Date.now();
  const running = runs.find((run) => livenessOf(run, now) === 'running');
  if (running) throw new UserError(`run ${running.info.runId} is running`, { hint });
}

/** Asks on the terminal; without one nobody can say yes. */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError('nobody is there to be asked', { hint: 'give --yes to delete without a question' });
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}
