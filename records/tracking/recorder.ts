import type { LoadOptions } from '../codec/load-as.ts';
import type { RunStatus } from './types.ts';

/** A metric: a number, or a series of (step, value). */
export type MetricValue = number | boolean | bigint | readonly (readonly [step: number, value: number])[];

/** What is known of a recorder at a glance; qlib's `Recorder.info`. */
export interface RecorderInfo {
  readonly class: 'Recorder';
  /** Null before the start. */
  readonly id: string | null;
  readonly name: string;
  readonly experiment_id: string;
  /** Local time, `2020-01-31 09:35:00`. */
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly status: RunStatus;
}

/** The writer of one run (qlib's Recorder over MLflow's run). Once a log call has ended, what it was given is kept, whatever happens to this process. */
export interface Recorder {
  /** Empty before the start. */
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly info: RecorderInfo;
  /** The tracking uri of the store. */
  readonly uri: string;
  /** @throws UserError before the start. */
  readonly artifactUri: string;
  /** Values are written as Python's `str()` writes them; nothing is flattened (see `flattenDict`). A param never changes: another value is an error. */
  logParams(params: Readonly<Record<string, unknown>>): Promise<void>;
  /** A number, or a series of (step, value). Without a step, step 0. */
  logMetrics(metrics: Readonly<Record<string, MetricValue>>, step?: number): Promise<void>;
  setTags(tags: Readonly<Record<string, unknown>>): Promise<void>;
  /** @throws UserError for a tag that is not there. */
  deleteTags(...keys: readonly string[]): Promise<void>;
  /**
   * Saves objects as artifacts under `artifactPath`; the codec goes by the name's ending (`.pkl`, `.json`, `.csv`, none = pickle).
   * A text instead is the path of a local file or folder to copy.
   */
  saveObjects(objects: Readonly<Record<string, unknown>> | string, artifactPath?: string): Promise<void>;
  /** Reads an artifact back: tables, scalars, dicts. Nothing in a pickle is executed. */
  loadObject(name: string, options?: LoadOptions): Promise<unknown>;
  /** Writes a file of artifacts as it is given: no codec. */
  writeArtifact(path: string, content: string | Uint8Array): Promise<void>;
  /** Copies a local file or a folder's content. */
  logArtifact(localPath: string, artifactPath?: string): Promise<void>;
  /** Copies a local folder's content. */
  logArtifacts(localFolder: string, artifactPath?: string): Promise<void>;
  /** Paths of what lies directly in a folder of artifacts. */
  listArtifacts(artifactPath?: string): Promise<string[]>;
  /** The local path of an artifact, copied into `target` if that is given. */
  downloadArtifact(path: string, target?: string): Promise<string>;
  listParams(): Promise<Record<string, string>>;
  /** Current values: the greatest by (step, time, value). */
  listMetrics(): Promise<Record<string, number>>;
  listTags(): Promise<Record<string, string>>;
}
