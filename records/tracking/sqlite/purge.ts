import { UserError } from '../../../components/core/errors.ts';
import type { TrackingDatabase } from './database.ts';

/** Tables whose rows belong to one run. */
const ofRun = ['metrics', 'latest_metrics', 'params', 'tags'];

/** Takes all rows of a run away, within a transaction. Data sets stay: others may have read them. */
export function purgeRunRows(database: TrackingDatabase, runId: string): void {
  for (const table of ofRun) database.run(`DELETE FROM ${table} WHERE run_uuid = ?`, runId);
  const inputs = "destination_type = 'RUN' AND destination_id = ?";
  database.run(
    `DELETE FROM input_tags WHERE input_uuid IN (SELECT input_uuid FROM inputs WHERE ${inputs})`,
    runId,
  );
  database.run(`DELETE FROM inputs WHERE ${inputs}`, runId);
  refusable(() => database.run('DELETE FROM runs WHERE run_uuid = ?', runId));
}

/** The same for an experiment with all its runs; returns their ids. */
export function purgeExperimentRows(database: TrackingDatabase, experimentId: string): string[] {
  const runs = database
    .all<[string]>('SELECT run_uuid FROM runs WHERE experiment_id = ?', experimentId)
    .map(([id]) => id);
  for (const id of runs) purgeRunRows(database, id);
  for (const table of ['experiment_tags', 'datasets'])
    database.run(`DELETE FROM ${table} WHERE experiment_id = ?`, experimentId);
  refusable(() => database.run('DELETE FROM experiments WHERE experiment_id = ?', experimentId));
  return runs;
}

/** Traces and models of MLflow 3 may still need it. */
function refusable(remove: () => unknown): void {
  try {
    remove();
  } catch (error) {
    throw new UserError('other things in the database hang on it, such as traces or models of MLflow', {
      hint: '"mlflow gc" removes them as well',
      cause: error,
    });
  }
}
