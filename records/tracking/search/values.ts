import type { DatasetInput, ExperimentInfo, RunInfo } from '../types.ts';
import type { KeyReader } from './evaluate.ts';
import { compareText } from './sort.ts';

const present = <T>(value: T | null): T | undefined => value ?? undefined;

/** A run as far as searches look at it. */
export interface SearchableRun {
  readonly info: RunInfo;
  param(key: string): string | undefined;
  tag(key: string): string | undefined;
  /** The current value. */
  metric(key: string): number | undefined;
  datasets(): readonly DatasetInput[];
}

/** What a key means for a run. */
export const runValue: KeyReader<SearchableRun> = (run, { entity, name }) => {
  switch (entity) {
    case 'metric':
      return run.metric(name);
    case 'param':
      return run.param(name);
    case 'tag':
      return run.tag(name);
    case 'dataset':
      return run
        .datasets()
        .map((d) => d[name as 'name'])
        .filter((v) => v !== null);
    default:
      return attributeOf(run.info, name);
  }
};

function attributeOf(info: RunInfo, name: string): string | number | undefined {
  switch (name) {
    case 'run_id':
      return info.runId;
    case 'run_name':
      return info.runName;
    case 'status':
      return info.status;
    case 'user_id':
      return info.userId;
    case 'artifact_uri':
      return info.artifactUri;
    case 'start_time':
      return present(info.startTime);
    case 'end_time':
      return present(info.endTime);
    default:
      return undefined;
  }
}

export const experimentValue: KeyReader<ExperimentInfo> = (experiment, { entity, name }) => {
  if (entity === 'tag') return experiment.tags.get(name);
  switch (name) {
    case 'name':
      return experiment.name;
    case 'experiment_id':
      return experiment.experimentId;
    case 'creation_time':
      return present(experiment.creationTime);
    case 'last_update_time':
      return present(experiment.lastUpdateTime);
    default:
      return undefined;
  }
};

/** MLflow's own order of runs: the newest first, then by id. */
export function newestRunFirst(a: SearchableRun, b: SearchableRun): number {
  const order = (b.info.startTime ?? 0) - (a.info.startTime ?? 0);
  return order || compareText(a.info.runId, b.info.runId);
}

export function newestExperimentFirst(a: ExperimentInfo, b: ExperimentInfo): number {
  const order = (b.creationTime ?? 0) - (a.creationTime ?? 0);
  return order || compareText(a.experimentId, b.experimentId);
}
