import { UserError } from '../../../components/core/errors.ts';
import { heartbeatTag } from '../../../records/tracking/heartbeat.ts';
import { livenessOf } from '../../../records/tracking/liveness.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { ExperimentInfo, MetricEntry, Run } from '../../../records/tracking/types.ts';
import { allArtifacts } from './all-artifacts.ts';
import { importedTag } from './imported-tag.ts';

/** Points that are logged at once. */
const batch = 1000;

/**
 * Copies a run with params, tags, all points of its metrics, data sets and artifacts from one store to another, into the experiment of the same
 * name, which is made where there is none. Its id stays, where the target can do that (servers give ids themselves); else a tag names it. Returns the id.
 * @throws UserError for a run that is alive; after a failure nothing is left of it in the target, as far as it can delete.
 */
export async function copyRun(
  from: TrackingStore,
  to: TrackingStore,
  run: Run,
  now: number,
): Promise<string> {
  const { info, data } = run;
  const liveness = livenessOf(run, now);
  if (liveness === 'running')
    throw new UserError(`run ${info.runId} is running`, { hint: 'it can be copied when it has ended' });
  const isDead = liveness === 'died' || liveness === 'silent';
  const experimentId = await targetExperiment(to, await from.getExperiment(info.experimentId));
  const created = await to.createRun({
    experimentId,
    runName: info.runName,
    runId: info.runId,
    userId: info.userId,
    startTime: info.startTime ?? info.endTime ?? now,
    tags: Object.fromEntries(
      [...data.tags].filter(([key]) => key !== heartbeatTag && key !== 'mlflow.runName'),
    ),
  });
  try {
    if (created.runId !== info.runId) await to.logBatch(created.runId, { tags: [[importedTag, info.runId]] });
    for (const params of chunks([...data.params])) await to.logBatch(created.runId, { params });
    for (const key of data.metrics.keys()) {
      const points = await from.getMetricHistory(info.runId, key);
      for (const metrics of chunks(points.map((point): MetricEntry => ({ key, ...point }))))
        await to.logBatch(created.runId, { metrics });
    }
    if (run.datasets.length > 0) await to.logInputs(created.runId, run.datasets);
    await copyArtifacts(from, info.runId, to, created.runId);
    await to.updateRun(created.runId, { status: isDead ? 'FAILED' : info.status, endTime: info.endTime });
    if (info.lifecycleStage === 'deleted') await to.deleteRun(created.runId);
    await to.flush(created.runId);
  } catch (error) {
    await to.deleteRun(created.runId).catch(() => undefined);
    await to.purgeRun?.(created.runId).catch(() => undefined);
    throw error;
  }
  return created.runId;
}

async function targetExperiment(to: TrackingStore, { name, tags }: ExperimentInfo): Promise<string> {
  const found = await to.getExperimentByName(name);
  if (found?.lifecycleStage === 'deleted')
    throw new UserError(`experiment "${name}" is deleted in ${to.uri}`, {
      hint: 'restore it, or end it for good with qrun runs gc',
    });
  return found?.experimentId ?? to.createExperiment(name, { tags: Object.fromEntries(tags) });
}

async function copyArtifacts(
  from: TrackingStore,
  fromRun: string,
  to: TrackingStore,
  toRun: string,
): Promise<void> {
  const [source, target] = [await from.artifacts(fromRun), await to.artifacts(toRun)];
  for (const { path } of await allArtifacts(source)) {
    const local = source.localPath(path);
    const folder = path.split('/').slice(0, -1).join('/');
    if (local === null) await target.write(path, await source.read(path));
    else await target.upload(local, folder);
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / batch) }, (_, k) =>
    items.slice(k * batch, (k + 1) * batch),
  );
}
