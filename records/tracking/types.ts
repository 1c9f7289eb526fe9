/** How a run stands, in MLflow's words. */
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export const runStatuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

export type LifecycleStage = 'active' | 'deleted';

/** Which lifecycle stages a search looks at. */
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

/** Does the view show what is in that stage? */
export function isInView(stage: LifecycleStage, view: ViewType): boolean {
  return view === 'ALL' || (view === 'DELETED_ONLY') === (stage === 'deleted');
}

/** One logged value. `timestamp` is in milliseconds, `step` an integer; `value` may be NaN or infinite. */
export interface MetricPoint {
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

export interface MetricEntry extends MetricPoint {
  readonly key: string;
}

export interface ExperimentInfo {
  /** Digits; may be above 2^53, hence text. */
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  readonly creationTime: number | null;
  readonly lastUpdateTime: number | null;
  readonly tags: ReadonlyMap<string, string>;
}

export interface RunInfo {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly userId: string;
  readonly status: RunStatus;
  /** Milliseconds. */
  readonly startTime: number | null;
  readonly endTime: number | null;
  /** As stored. Where the artifacts really are, the store's `artifacts` knows: stores can be moved. */
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
}

export interface RunData {
  readonly params: ReadonlyMap<string, string>;
  /** Current points: the greatest by (step, timestamp, value). */
  readonly metrics: ReadonlyMap<string, MetricPoint>;
  readonly tags: ReadonlyMap<string, string>;
}

/** A data set that a run has read, as MLflow's `log_input` keeps it. */
export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly context: string | null;
  /** Where it came from, in the words of whoever logged it: `local`, `http`, `code` ... */
  readonly sourceType?: string;
  readonly source?: string;
  /** JSON texts. */
  readonly schema?: string | null;
  readonly profile?: string | null;
  /** All tags of the input; `mlflow.data.context` is the context. */
  readonly tags?: ReadonlyMap<string, string>;
}

export interface Run {
  readonly info: RunInfo;
  readonly data: RunData;
  readonly datasets: readonly DatasetInput[];
}

/** One page of a listing; `nextPageToken` is null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}
