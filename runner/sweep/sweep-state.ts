import { isAlive, killMarked } from '../../components/core/process-mark.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Run } from '../../records/tracking/types.ts';
import { tags } from './tags.ts';

export interface FinishedRun {
  readonly runId: string;
  readonly key: string;
  /** Step at which it was stopped early; undefined: it ran to its end. */
  readonly stopped: number | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  readonly fit: string | undefined;
  readonly seconds: number | undefined;
}

const pageSize = 1000;

/** All runs of a sweep, oldest first. */
export async function sweepRuns(
  store: TrackingStore,
  experimentId: string,
  sweepId: string,
  view: 'ACTIVE_ONLY' | 'ALL' = 'ACTIVE_ONLY',
): Promise<Run[]> {
  const runs: Run[] = [];
  let pageToken: string | undefined;
  do {
    const page = await store.searchRuns([experimentId], {
      filter: `tags."${tags.id}" = '${sweepId}'`,
      view,
      maxResults: pageSize,
      orderBy: ['attributes.start_time ASC'],
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    runs.push(...page.items);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return runs;
}

/** What the store says of finished points, by key; one run a point. */
export function finishedRuns(runs: readonly Run[]): Map<string, FinishedRun> {
  const found = new Map<string, FinishedRun>();
  for (const run of runs) {
    const finished = finishedRun(run);
    if (finished && !found.has(finished.key)) found.set(finished.key, finished);
  }
  return found;
}

function finishedRun({ info, data }: Run): FinishedRun | undefined {
  const key = data.tags.get(tags.key);
  const stopped = data.tags.get(tags.stopped);
  const isStopped = info.status === 'KILLED' && stopped !== undefined;
  if (key === undefined || (info.status !== 'FINISHED' && !isStopped)) return undefined;
  return {
    runId: info.runId,
    key,
    stopped: isStopped ? Number(stopped) : undefined,
    metrics: Object.fromEntries([...data.metrics].map(([name, point]) => [name, point.value])),
    fit: isStopped ? undefined : data.tags.get(tags.fit),
    seconds:
      info.endTime === null || info.startTime === null ? undefined : (info.endTime - info.startTime) / 1000,
  };
}

/**
 * Puts away what an earlier attempt left: runs that say RUNNING though nobody makes them, interrupted ones, and second runs of a
 * point that has finished. They end as KILLED and are deleted, as MLflow deletes: kept and counted, but not shown.
 * `keep`: runs that are being made just now. Returns how many there were.
 */
export async function clearLeftovers(
  store: TrackingStore,
  runs: readonly Run[],
  {
    keep = new Set(),
    only,
  }: { readonly keep?: ReadonlySet<string>; readonly only?: (run: Run) => boolean } = {},
): Promise<number> {
  const finished = finishedRuns(runs);
  let count = 0;
  for (const run of runs) {
    const { runId, status } = run.info;
    const key = run.data.tags.get(tags.key) ?? '';
    if (keep.has(runId) || (only && !only(run)) || finished.get(key)?.runId === runId) continue;
    if (status === 'FAILED' && !finished.has(key)) continue;
    const mark = run.data.tags.get(tags.worker) ?? '';
    if (status === 'RUNNING' && isAlive(mark) === true) killMarked(mark);
    await putAway(store, run);
    count++;
  }
  return count;
}

/** Ends a run as KILLED, if it has not ended, and deletes it. */
export async function putAway(store: TrackingStore, { info }: Run): Promise<void> {
  if (info.status === 'RUNNING' || info.status === 'SCHEDULED')
    await store.updateRun(info.runId, { status: 'KILLED', endTime: info.endTime ?? Date.now() });
  await store.deleteRun(info.runId);
}
