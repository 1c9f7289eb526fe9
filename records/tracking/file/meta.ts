import type { ExperimentInfo, LifecycleStage, RunInfo, RunStatus } from '../types.ts';
import type { Meta } from './meta-yaml.ts';

/** MLflow's numbers of the statuses. */
const statusNumbers: Readonly<Record<RunStatus, number>> = {
  RUNNING: 1,
  SCHEDULED: 2,
  FINISHED: 3,
  FAILED: 4,
  KILLED: 5,
};
const statusOf = new Map<unknown, RunStatus>();
for (const name of Object.keys(statusNumbers) as RunStatus[]) {
  statusOf.set(statusNumbers[name], name);
  // Stores of MLflow before 1.0 have the word.
  statusOf.set(name, name);
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const time = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const stage = (value: unknown): LifecycleStage => (value === 'deleted' ? 'deleted' : 'active');

/** Fields that are missing get what MLflow reads them as; `runId` is the folder's name. */
export function runInfoOf(meta: Meta, runId: string, experimentId: string): RunInfo {
  return {
    runId,
    runName: text(meta['run_name']),
    experimentId: text(meta['experiment_id']) || experimentId,
    userId: text(meta['user_id']),
    status: statusOf.get(meta['status']) ?? 'RUNNING',
    startTime: time(meta['start_time']),
    endTime: time(meta['end_time']),
    artifactUri: text(meta['artifact_uri']),
    lifecycleStage: stage(meta['lifecycle_stage']),
  };
}

/** All fields that MLflow 2 and 3 need: 2 reads `run_uuid`, 3 `run_id`. `deletedTime` is written for deleted runs only. */
export function runMeta(info: RunInfo, deletedTime?: number): Meta {
  return {
    artifact_uri: info.artifactUri,
    ...(deletedTime === undefined ? {} : { deleted_time: deletedTime }),
    end_time: info.endTime,
    entry_point_name: '',
    experiment_id: info.experimentId,
    lifecycle_stage: info.lifecycleStage,
    run_id: info.runId,
    run_name: info.runName,
    run_uuid: info.runId,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: info.startTime ?? 0,
    status: statusNumbers[info.status],
    tags: [],
    user_id: info.userId,
  };
}

export function experimentInfoOf(
  meta: Meta,
  folderName: string,
  inTrash: boolean,
  tags: ReadonlyMap<string, string>,
): ExperimentInfo {
  return {
    experimentId: text(meta['experiment_id']) || folderName,
    name: text(meta['name']),
    artifactLocation: text(meta['artifact_location']),
    lifecycleStage: inTrash ? 'deleted' : stage(meta['lifecycle_stage']),
    creationTime: time(meta['creation_time']),
    lastUpdateTime: time(meta['last_update_time']),
    tags,
  };
}

export function experimentMeta(info: ExperimentInfo): Meta {
  return {
    artifact_location: info.artifactLocation,
    creation_time: info.creationTime ?? 0,
    experiment_id: info.experimentId,
    last_update_time: info.lastUpdateTime ?? 0,
    lifecycle_stage: info.lifecycleStage,
    name: info.name,
  };
}
