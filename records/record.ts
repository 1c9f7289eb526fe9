import type { Context } from '../components/core/context.ts';
import type { Dataset } from '../components/dataset/types.ts';
import type { Model } from '../components/model/model.ts';
import type { Recorder } from './tracking/recorder.ts';

/** What records get beside a component's context: qlib passes `recorder`, and tries `model` and `dataset`. */
export interface RecordContext extends Context {
  readonly recorder: Recorder;
  readonly model: Model | undefined;
  readonly dataset: Dataset | undefined;
  /** Prints a line of the run's summary (qlib's `pprint` of the analysis tables). */
  print(text: string): void;
}

/** Writes artifacts and metrics of a run. Missing input is an error, never a skipped record. */
export interface RecordTemplate {
  generate(): Promise<void>;
  /** Folder of the artifacts; empty: the run's root. */
  readonly artifactPath?: string;
  /** Names of the artifacts that `generate` makes, below `artifactPath`. */
  list?(): readonly string[];
}

declare module '../components/core/context.ts' {
  interface ComponentKinds {
    record: RecordTemplate;
  }
}
