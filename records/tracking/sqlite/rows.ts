import type {
  DatasetInput,
  ExperimentInfo,
  LifecycleStage,
  MetricPoint,
  Run,
  RunInfo,
  RunStatus,
} from '../types.ts';
import type { TrackingDatabase, Value } from './database.ts';

/** What SQLite holds for infinity: MLflow writes the largest double. */
const largest = Number.MAX_VALUE;

export function toStored(value: number): { value: number; nan: 0 | 1 } {
  if (Number.isNaN(value)) return { value: 0, nan: 1 };
  return { value: Math.min(largest, Math.max(-largest, value)), nan: 0 };
}

export function fromStored(value: number, nan: unknown): number {
  if (Number(nan) === 1) return Number.NaN;
  if (Math.abs(value) < largest) return value;
  return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const time = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

/** Ids may be above 2^53: read as text. */
export const runColumns =
  'r.run_uuid, r.name, CAST(r.experiment_id AS TEXT), r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, r.lifecycle_stage';

export function runInfoOf(row: readonly unknown[]): RunInfo {
  const [runId, name, experimentId, user, status, start, end, uri, stage] = row;
  return {
    runId: text(runId),
    runName: text(name),
    experimentId: text(experimentId),
    userId: text(user),
    status: (text(status) || 'RUNNING') as RunStatus,
    startTime: time(start),
    endTime: time(end),
    artifactUri: text(uri),
    lifecycleStage: (text(stage) || 'active') as LifecycleStage,
  };
}

export const experimentColumns =
  'CAST(e.experiment_id AS TEXT), e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.last_update_time';

export function experimentInfoOf(row: readonly unknown[], tags: ReadonlyMap<string, string>): ExperimentInfo {
  const [id, name, location, stage, created, updated] = row;
  return {
    experimentId: text(id),
    name: text(name),
    artifactLocation: text(location),
    lifecycleStage: (text(stage) || 'active') as LifecycleStage,
    creationTime: time(created),
    lastUpdateTime: time(updated),
    tags,
  };
}

const atOnce = 500;

/** Adds params, metrics and tags to runs: a row a run and kind, as JSON, which is several times as quick as a row a value. */
export function loadRuns(database: TrackingDatabase, infos: readonly RunInfo[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < infos.length; from += atOnce) {
    const some = infos.slice(from, from + atOnce);
    const ids = some.map((info) => info.runId);
    const params = textsOf(database, 'params', ids);
    const tags = textsOf(database, 'tags', ids);
    const metrics = metricsOf(database, ids);
    const datasets = datasetsOf(database, ids);
    for (const info of some) {
      const { runId } = info;
      const ownTags = tags.get(runId) ?? new Map();
      runs.push({
        info: info.runName ? info : { ...info, runName: ownTags.get('mlflow.runName') ?? '' },
        data: {
          params: params.get(runId) ?? new Map(),
          metrics: metrics.get(runId) ?? new Map(),
          tags: ownTags,
        },
        datasets: datasets.get(runId) ?? [],
      });
    }
  }
  return runs;
}

const marksFor = (ids: readonly Value[]) => ids.map(() => '?').join(', ');

function textsOf(database: TrackingDatabase, table: 'params' | 'tags', ids: readonly string[]) {
  const rows = database.all<[string, string]>(
    `SELECT run_uuid, json_group_array(json_array(key, value)) FROM ${table} WHERE run_uuid IN (${marksFor(ids)}) GROUP BY run_uuid`,
    ...ids,
  );
  return new Map(
    rows.map(([id, json]) => [
      id,
      new Map((JSON.parse(json) as [string, string | null][]).map(([key, value]) => [key, value ?? ''])),
    ]),
  );
}

function metricsOf(
  database: TrackingDatabase,
  ids: readonly string[],
): Map<string, Map<string, MetricPoint>> {
  // printf: SQLite's JSON keeps fifteen digits of a number only.
  const rows = database.all<[string, string]>(
    `SELECT run_uuid, json_group_array(json_array(key, printf('%!.17g', value), timestamp, step, is_nan)) FROM latest_metrics WHERE run_uuid IN (${marksFor(ids)}) GROUP BY run_uuid`,
    ...ids,
  );
  type Cells = [key: string, value: string, timestamp: number, step: number, nan: number];
  return new Map(
    rows.map(([id, json]) => [
      id,
      new Map(
        (JSON.parse(json) as Cells[]).map(([key, value, timestamp, step, nan]) => [
          key,
          { value: fromStored(Number(value), nan), timestamp, step },
        ]),
      ),
    ]),
  );
}

function datasetsOf(database: TrackingDatabase, ids: readonly string[]): Map<string, DatasetInput[]> {
  const rows = database.all<(string | null)[]>(
    `SELECT i.destination_id, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id IN (${marksFor(ids)})`,
    ...ids,
  );
  const found = new Map<string, DatasetInput[]>();
  for (const [run, input, name, digest, sourceType, source, schema, profile] of rows) {
    const tags = new Map(
      database.all<[string, string]>('SELECT name, value FROM input_tags WHERE input_uuid = ?', input ?? ''),
    );
    const dataset: DatasetInput = {
      name: text(name),
      digest: text(digest),
      context: tags.get('mlflow.data.context') ?? null,
      sourceType: text(sourceType),
      source: text(source),
      schema: schema ?? null,
      profile: profile ?? null,
      tags,
    };
    found.set(text(run), [...(found.get(text(run)) ?? []), dataset]);
  }
  return found;
}
