import { randomUUID } from 'node:crypto';
import { changedParam } from '../check-batch.ts';
import { invalid } from '../errors.ts';
import type { DatasetInput, MetricEntry, RunInfo } from '../types.ts';
import type { TrackingDatabase, Value } from './database.ts';
import { toStored } from './rows.ts';

type Pairs = readonly (readonly [key: string, value: string])[];

/** @throws TrackingError for another value than the one that is there. */
export function logParams(database: TrackingDatabase, runId: string, params: Pairs): void {
  const rows = params.map(([key, value]) => [key, value, runId]);
  if (database.insert('INSERT OR IGNORE INTO params (key, value, run_uuid)', rows) === rows.length) return;
  for (const [key, value] of params) {
    const [known] = database.first<[string]>(
      'SELECT value FROM params WHERE run_uuid = ? AND key = ?',
      runId,
      key,
    )!;
    if (known !== value) throw changedParam(key, known, value);
  }
}

/** Adds points, and the current one of each key: the greatest by (step, time, value), where NaN takes part as 0, as in MLflow. */
export function logMetrics(database: TrackingDatabase, runId: string, metrics: readonly MetricEntry[]): void {
  const rows: Value[][] = [];
  const latest = new Map<string, readonly [value: number, timestamp: number, step: number, nan: number]>();
  for (const { key, value: given, timestamp, step } of metrics) {
    const { value, nan } = toStored(given);
    rows.push([key, value, timestamp, runId, step, nan]);
    const best = latest.get(key);
    const isLater =
      !best ||
      step > best[2] ||
      (step === best[2] && (timestamp > best[1] || (timestamp === best[1] && value > best[0])));
    if (isLater) latest.set(key, [value, timestamp, step, nan]);
  }
  database.insert('INSERT OR IGNORE INTO metrics (key, value, timestamp, run_uuid, step, is_nan)', rows);
  database.insert(
    'INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)',
    [...latest].map(([key, current]) => [key, ...current, runId]),
    'ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan WHERE (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)',
  );
}

export function logTags(database: TrackingDatabase, runId: string, tags: Pairs): void {
  database.insert(
    'INSERT OR REPLACE INTO tags (key, value, run_uuid)',
    tags.map(([key, value]) => [key, value, runId]),
  );
}

/** Data sets that a run has read; one is known by its experiment, name and digest, as in MLflow 3. */
export function logInputs(
  database: TrackingDatabase,
  { runId, experimentId }: RunInfo,
  datasets: readonly DatasetInput[],
): void {
  for (const { name, digest, context, sourceType = '', source = '', schema, profile, tags } of datasets) {
    if (name === '' || digest === '') throw invalid('a data set has no name or no digest', 'give both');
    database.run(
      'INSERT OR IGNORE INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      newId(),
      experimentId,
      name,
      digest,
      sourceType,
      source,
      schema ?? null,
      profile ?? null,
    );
    const [dataset] = database.first<[string]>(
      'SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?',
      experimentId,
      name,
      digest,
    )!;
    const input = newId();
    const isNew = database.run(
      "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES (?, 'DATASET', ?, 'RUN', ?)",
      input,
      dataset,
      runId,
    );
    if (isNew === 0) continue;
    const own = new Map(tags ?? []);
    if (context !== null) own.set('mlflow.data.context', context);
    for (const [key, value] of own)
      database.run('INSERT INTO input_tags (input_uuid, name, value) VALUES (?, ?, ?)', input, key, value);
  }
}

const newId = (): string => randomUUID().replaceAll('-', '');
