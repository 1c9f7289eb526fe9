import type { ExperimentInfo, Run } from '../types.ts';
import type { KeyReader } from './evaluate.ts';
import { compareText } from './sort.ts';

const present = <T>(value: T | null): T | undefined => value ?? undefined;

/** What a key means for a run. */
export const runValue: KeyReader<Run> = ({ info, data, datasets }, { entity, name }) => {
  switch (entity) {
    case 'metric':
      return data.metrics.get(name)?.value;
    case 'param':
      return data.params.get(name);
    case 'tag':
      return data.tags.get(name);
    case 'dataset':
      return datasets.map((d) => d[name as 'name']).filter((v) => v !== null);
    default:
      break;
  }
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
};

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
export function newestRunFirst(a: Run, b: Run): number {
  const order = (b.info.startTime ?? 0) - (a.info.startTime ?? 0);
  return order || compareText(a.info.runId, b.info.runId);
}

export function newestExperimentFirst(a: ExperimentInfo, b: ExperimentInfo): number {
  const order = (b.creationTime ?? 0) - (a.creationTime ?? 0);
  return order || compareText(a.experimentId, b.experimentId);
}
