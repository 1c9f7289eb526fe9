import type { ListedRun } from './columns.ts';

/** A run as JSON, with MLflow's names; times in milliseconds. Figures that are no numbers are null. */
export function runJson({ run: { info, data }, experiment, status }: ListedRun): Record<string, unknown> {
  return {
    run_id: info.runId,
    run_name: info.runName,
    experiment_id: info.experimentId,
    experiment,
    status,
    lifecycle_stage: info.lifecycleStage,
    start_time: info.startTime,
    end_time: info.endTime,
    user_id: info.userId,
    metrics: Object.fromEntries([...data.metrics].map(([key, { value }]) => [key, value])),
    params: Object.fromEntries(data.params),
    tags: Object.fromEntries(data.tags),
  };
}
