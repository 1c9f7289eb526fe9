import { hostname } from 'node:os';
import { heartbeatTag, parseSign } from './heartbeat.ts';
import { type Liveness, livenessOf } from './liveness.ts';
import type { TrackingStore } from './store.ts';
import type { Run, RunStatus } from './types.ts';

/** A run's status as it is shown: DEAD is RUNNING whose process has died, or has been silent for long. */
export type ShownStatus = RunStatus | 'DEAD';

/** Never RUNNING for a run that died, never DEAD for one that lives. */
export function shownStatus(run: Pick<Run, 'info' | 'data'>, now: number): ShownStatus {
  const liveness = livenessOf(run, now);
  return liveness === 'died' || liveness === 'silent' ? 'DEAD' : run.info.status;
}

/**
 * The run, read once more where it looks dead: a process that ends writes its status first, so that what is still RUNNING after the process was seen to be
 * gone has died. Without this a run that ends between two looks would be taken for dead.
 */
export async function settledRun(store: TrackingStore, run: Run, now: number): Promise<Run> {
  return shownStatus(run, now) === 'DEAD' ? store.getRun(run.info.runId) : run;
}

/** Tag of a run that others had to end, with the reason. */
const diedTag = 'qrun.died';

/** MLflow lists no more at once. */
const unlimited = 50_000;

/** The active runs of a store that say RUNNING, with how they stand. */
export async function runningRuns(
  store: TrackingStore,
  now: number,
): Promise<{ readonly run: Run; readonly liveness: Liveness }[]> {
  const { items: experiments } = await store.searchExperiments({ maxResults: unlimited });
  const ids = experiments.map((e) => e.experimentId);
  if (ids.length === 0) return [];
  const { items } = await store.searchRuns(ids, {
    filter: "attributes.status = 'RUNNING'",
    maxResults: unlimited,
  });
  const settled = await Promise.all(items.map((run) => settledRun(store, run, now)));
  return settled
    .filter((run) => run.info.status === 'RUNNING')
    .map((run) => ({ run, liveness: livenessOf(run, now) }));
}

/** Marks a dead run FAILED, ended at its last sign of life, with the reason as a tag. */
export async function markDead(store: TrackingStore, { info, data }: Run, now: number): Promise<void> {
  const sign = parseSign(data.tags.get(heartbeatTag));
  const reason = sign ? `process ${sign.pid} on ${sign.host} is gone` : 'its process is gone';
  await store.logBatch(info.runId, { tags: [[diedTag, reason]] });
  const endTime = Math.max(info.startTime ?? 0, Math.min(sign?.at ?? now, now));
  await store.updateRun(info.runId, { status: 'FAILED', endTime });
  if (sign) await store.deleteTag(info.runId, heartbeatTag);
}

/**
 * Marks all runs FAILED whose processes have died, or have been silent for long on a machine of this name: it was restarted since. Returns their ids.
 * Runs of other machines are left alone, and so is a store that refuses.
 */
export async function markDeadRuns(store: TrackingStore, now: number): Promise<string[]> {
  const marked: string[] = [];
  try {
    for (const { run, liveness } of await runningRuns(store, now)) {
      const isHere = parseSign(run.data.tags.get(heartbeatTag))?.host === hostname();
      if (liveness !== 'died' && !(liveness === 'silent' && isHere)) continue;
      await markDead(store, run, now);
      marked.push(run.info.runId);
    }
  } catch {
    // a store that can't be read or written tells so when the run itself asks
  }
  return marked;
}
