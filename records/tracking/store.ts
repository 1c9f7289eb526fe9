import type { ArtifactFolder } from './artifact-folder.ts';
import type {
  DatasetInput,
  ExperimentInfo,
  MetricEntry,
  MetricPoint,
  Page,
  Run,
  RunInfo,
  RunStatus,
  ViewType,
} from './types.ts';

export interface SearchOptions {
  /** MLflow's search language; empty: everything. */
  readonly filter?: string | undefined;
  readonly view?: ViewType | undefined;
  /** `metrics.m DESC`, `attributes.start_time`. */
  readonly orderBy?: readonly string[] | undefined;
  /** 1 .. 50000. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface CreateRunOptions {
  readonly experimentId: string;
  readonly runName: string;
  /** Of a run that is brought in from another store; without one, or where the store gives ids itself (servers), the run gets a new one. */
  readonly runId?: string | undefined;
  readonly userId: string;
  /** Milliseconds. */
  readonly startTime: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RunUpdate {
  readonly status?: RunStatus;
  readonly endTime?: number | null;
  readonly runName?: string;
}

/** What one call logs. Values are text already; order is kept. */
export interface LogBatch {
  readonly metrics?: readonly MetricEntry[];
  readonly params?: readonly (readonly [key: string, value: string])[];
  readonly tags?: readonly (readonly [key: string, value: string])[];
}

/**
 * A place that keeps experiments and runs, in MLflow's terms: a folder, a SQLite file, a server. A call that has ended has written
 * what it was given: it survives the end of this process, however that comes about.
 * @throws TrackingError for what the store refuses or does not have.
 */
export interface TrackingStore {
  readonly uri: string;

  createExperiment(
    name: string,
    options?: { artifactLocation?: string; tags?: Readonly<Record<string, string>> },
  ): Promise<string>;
  getExperiment(experimentId: string): Promise<ExperimentInfo>;
  /** Deleted ones too, as MLflow does: their names stay taken. Undefined where there is none. */
  getExperimentByName(name: string): Promise<ExperimentInfo | undefined>;
  searchExperiments(options?: SearchOptions): Promise<Page<ExperimentInfo>>;
  renameExperiment(experimentId: string, name: string): Promise<void>;
  setExperimentTag(experimentId: string, key: string, value: string): Promise<void>;
  /** @throws TrackingError where there is no such tag. */
  deleteExperimentTag(experimentId: string, key: string): Promise<void>;
  deleteExperiment(experimentId: string): Promise<void>;
  restoreExperiment(experimentId: string): Promise<void>;

  createRun(options: CreateRunOptions): Promise<RunInfo>;
  /** Deleted ones too. */
  getRun(runId: string): Promise<Run>;
  updateRun(runId: string, update: RunUpdate): Promise<RunInfo>;
  deleteRun(runId: string): Promise<void>;
  restoreRun(runId: string): Promise<void>;
  searchRuns(experimentIds: readonly string[], options?: SearchOptions): Promise<Page<Run>>;
  /** How many runs a search finds in all. Absent where that takes as long as reading them. */
  countRuns?(
    experimentIds: readonly string[],
    options?: Pick<SearchOptions, 'filter' | 'view'>,
  ): Promise<number>;

  /** Folders of runs and experiments that the calls so far came upon and left out, because their `meta.yaml` cannot be read, sorted. Absent where there are no such files. */
  unreadable?(): readonly string[];

  logBatch(runId: string, batch: LogBatch): Promise<void>;
  deleteTag(runId: string, key: string): Promise<void>;
  /** Data sets that a run has read. One that it names already (same name and digest) stays as it was. */
  logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void>;
  /** All points in the order they were logged. */
  getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]>;

  artifacts(runId: string): Promise<ArtifactFolder>;

  /** Deletes a deleted run for good, artifacts included. Absent where the store can't. @throws TrackingError for a run that is not deleted. */
  purgeRun?(runId: string): Promise<void>;
  /** The same for a deleted experiment, with the runs in it. */
  purgeExperiment?(experimentId: string): Promise<void>;

  /** Brings all that was logged for a run to the disk (fsync), so that it survives a loss of power as well. */
  flush(runId: string): Promise<void>;
  /** Releases files and connections. The store can be used on; it opens them again. */
  close(): Promise<void>;
}
