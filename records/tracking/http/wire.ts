import { parseFloatText } from '../file/metric-file.ts';
import type {
  DatasetInput,
  ExperimentInfo,
  LifecycleStage,
  MetricPoint,
  Run,
  RunInfo,
  RunStatus,
} from '../types.ts';

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.map(objectOf) : []);
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const time = (value: unknown): number | null =>
  value === undefined || value === null ? null : Number(value);
const stage = (value: unknown): LifecycleStage => (value === 'deleted' ? 'deleted' : 'active');
const pairs = (value: unknown): Map<string, string> =>
  new Map(listOf(value).map(({ key, value: v }) => [text(key), text(v)]));

/** JSON of MLflow has NaN and infinities as text. */
export function toWire(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function pointOf({ value, timestamp, step }: Json): MetricPoint {
  const number = typeof value === 'number' ? value : (parseFloatText(text(value)) ?? 0);
  return { value: number, timestamp: Number(timestamp ?? 0), step: Number(step ?? 0) };
}

export function pointsOf(metrics: unknown): MetricPoint[] {
  return listOf(metrics).map(pointOf);
}

export function experimentOf(json: unknown): ExperimentInfo {
  const experiment = objectOf(json);
  return {
    experimentId: text(experiment['experiment_id']),
    name: text(experiment['name']),
    artifactLocation: text(experiment['artifact_location']),
    lifecycleStage: stage(experiment['lifecycle_stage']),
    creationTime: time(experiment['creation_time']),
    lastUpdateTime: time(experiment['last_update_time']),
    tags: pairs(experiment['tags']),
  };
}

export function runInfoOf(json: unknown): RunInfo {
  const info = objectOf(json);
  return {
    runId: text(info['run_id'] ?? info['run_uuid']),
    runName: text(info['run_name']),
    experimentId: text(info['experiment_id']),
    userId: text(info['user_id']),
    status: (text(info['status']) || 'RUNNING') as RunStatus,
    startTime: time(info['start_time']),
    endTime: time(info['end_time']),
    artifactUri: text(info['artifact_uri']),
    lifecycleStage: stage(info['lifecycle_stage']),
  };
}

export function runOf(json: unknown): Run {
  const run = objectOf(json);
  const data = objectOf(run['data']);
  const tags = pairs(data['tags']);
  const info = runInfoOf(run['info']);
  return {
    info: info.runName ? info : { ...info, runName: tags.get('mlflow.runName') ?? '' },
    data: {
      params: pairs(data['params']),
      metrics: new Map(listOf(data['metrics']).map((metric) => [text(metric['key']), pointOf(metric)])),
      tags,
    },
    datasets: listOf(objectOf(run['inputs'])['dataset_inputs']).map(datasetOf),
  };
}

function datasetOf(input: Json): DatasetInput {
  const dataset = objectOf(input['dataset']);
  const tags = pairs(input['tags']);
  const optional = (value: unknown): string | null =>
    value === undefined || value === null ? null : text(value);
  return {
    name: text(dataset['name']),
    digest: text(dataset['digest']),
    context: tags.get('mlflow.data.context') ?? null,
    sourceType: text(dataset['source_type']),
    source: text(dataset['source']),
    schema: optional(dataset['schema']),
    profile: optional(dataset['profile']),
    tags,
  };
}

export function datasetInput({
  name,
  digest,
  context,
  sourceType,
  source,
  schema,
  profile,
  tags,
}: DatasetInput): Json {
  const own = new Map(tags ?? []);
  if (context !== null) own.set('mlflow.data.context', context);
  return {
    tags: [...own].map(([key, value]) => ({ key, value })),
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

export function runsOf(json: Json): Run[] {
  return listOf(json['runs']).map(runOf);
}

export function experimentsOf(json: Json): ExperimentInfo[] {
  return listOf(json['experiments']).map(experimentOf);
}

export function filesOf(json: Json): { path: string; isFolder: boolean; size: number | null }[] {
  return listOf(json['files']).map((file) => {
    const isFolder = file['is_dir'] === true;
    return { path: text(file['path']), isFolder, size: isFolder ? null : Number(file['file_size'] ?? 0) };
  });
}

export function nextPage(json: Json): string | null {
  return text(json['next_page_token']) || null;
}
