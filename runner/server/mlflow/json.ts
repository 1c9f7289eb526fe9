import type {
  DatasetInput,
  ExperimentInfo,
  MetricPoint,
  Run,
  RunInfo,
} from '../../../records/tracking/types.ts';

type Json = Readonly<Record<string, unknown>>;

/** NaN and infinities are texts, as in protobuf's JSON. */
export const doubleOf = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const optional = (name: string, list: readonly unknown[]): Json =>
  list.length === 0 ? {} : { [name]: list };
const pairsOf = (map: ReadonlyMap<string, string>): Json[] =>
  [...map].map(([key, value]) => ({ key, value }));
const timeOf = (name: string, value: number | null): Json => (value === null ? {} : { [name]: value });

export function experimentJson(info: ExperimentInfo, artifactLocation: string): Json {
  return {
    experiment_id: info.experimentId,
    name: info.name,
    artifact_location: artifactLocation,
    lifecycle_stage: info.lifecycleStage,
    ...timeOf('last_update_time', info.lastUpdateTime),
    ...timeOf('creation_time', info.creationTime),
    ...optional('tags', pairsOf(info.tags)),
  };
}

export function runInfoJson(info: RunInfo, artifactUri: string): Json {
  return {
    run_uuid: info.runId,
    experiment_id: info.experimentId,
    run_name: info.runName,
    user_id: info.userId,
    status: info.status,
    ...timeOf('start_time', info.startTime),
    ...timeOf('end_time', info.endTime),
    artifact_uri: artifactUri,
    lifecycle_stage: info.lifecycleStage,
    run_id: info.runId,
  };
}

export function metricJson(key: string, { value, timestamp, step }: MetricPoint): Json {
  return { key, value: doubleOf(value), timestamp, step };
}

export function runJson({ info, data, datasets }: Run, artifactUri: string): Json {
  return {
    info: runInfoJson(info, artifactUri),
    data: {
      ...optional(
        'metrics',
        [...data.metrics].map(([key, point]) => metricJson(key, point)),
      ),
      ...optional('params', pairsOf(data.params)),
      ...optional('tags', pairsOf(data.tags)),
    },
    inputs: optional('dataset_inputs', datasets.map(datasetJson)),
    outputs: {},
  };
}

function datasetJson({
  name,
  digest,
  context,
  sourceType,
  source,
  schema,
  profile,
  tags,
}: DatasetInput): Json {
  const own = tags ?? new Map(context === null ? [] : [['mlflow.data.context', context]]);
  return {
    ...optional('tags', pairsOf(own)),
    dataset: {
      name,
      digest,
      source_type: sourceType ?? '',
      source: source ?? '',
      ...(schema ? { schema } : {}),
      ...(profile ? { profile } : {}),
    },
  };
}
