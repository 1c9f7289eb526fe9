/** A run as MLflow's REST API sends it. */
export interface MlflowRun {
  readonly info: {
    readonly run_id: string;
    readonly run_name: string;
    readonly experiment_id: string;
    readonly status: string;
    readonly user_id?: string;
    readonly start_time?: number;
    readonly end_time?: number;
    readonly lifecycle_stage: 'active' | 'deleted';
    readonly artifact_uri: string;
  };
  readonly data: {
    readonly metrics?: readonly {
      readonly key: string;
      readonly value: number | string;
      readonly step: number;
      readonly timestamp: number;
    }[];
    readonly params?: readonly { readonly key: string; readonly value: string }[];
    readonly tags?: readonly { readonly key: string; readonly value: string }[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly {
      readonly dataset: { readonly name: string; readonly digest: string };
    }[];
  };
}

export interface Metric {
  readonly key: string;
  readonly value: number | string;
  readonly step: number;
}

export interface RunData {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly status: string;
  readonly stage: 'active' | 'deleted';
  readonly user: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly metrics: readonly Metric[];
  readonly params: readonly { readonly key: string; readonly value: string }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly datasets: readonly { readonly name: string; readonly digest: string }[];
}

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);

export function runData({ info, data, inputs }: MlflowRun): RunData {
  return {
    id: info.run_id,
    name: info.run_name,
    experimentId: info.experiment_id,
    status: info.status,
    stage: info.lifecycle_stage,
    user: info.user_id ?? '',
    start: info.start_time ?? null,
    end: info.end_time ?? null,
    metrics: [...(data.metrics ?? [])].sort(byKey),
    params: [...(data.params ?? [])].sort(byKey),
    tags: [...(data.tags ?? [])].sort(byKey),
    datasets: (inputs?.dataset_inputs ?? []).map(({ dataset }) => dataset),
  };
}
