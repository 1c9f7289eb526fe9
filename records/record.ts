import type { Context } from '../components/core/context.ts';
import type { Definition } from '../components/core/registry.ts';
import type { Dataset } from '../components/dataset/types.ts';
import type { Model } from '../components/model/model.ts';
import type { RunWork } from './template/run-work.ts';
import type { Recorder } from './tracking/recorder.ts';

/** What records get beside a component's context: qlib passes `recorder`, and tries `model` and `dataset`. */
export interface RecordContext extends Context {
  readonly recorder: Recorder;
  readonly model: Model | undefined;
  readonly dataset: Dataset | undefined;
  /** Prints a line of the run's summary (qlib's `pprint` of the analysis tables). */
  print(text: string): void;
  /** What records of one run have in common; left out: each works for itself. */
  readonly runWork?: RunWork;
}

/** Writes artifacts and metrics of a run. Missing input is an error, never a skipped record. */
export interface RecordTemplate {
  generate(): Promise<void>;
  /**
   * Begins to work out what `generate` will write. Reads artifacts that are there; writes nothing and tells nothing: what goes wrong is
   * thrown by `generate`. Resolves when the work is over, well or not.
   */
  begin?(): Promise<void>;
  /** Folder of the artifacts; empty: the run's root. */
  readonly artifactPath?: string;
  /** Names of the artifacts that `generate` makes, below `artifactPath`. */
  list?(): readonly string[];
}

/** A record whose work may begin as soon as the artifacts that it reads are there, beside records in front of it that begin like it. */
export interface RecordDefinition<O> extends Definition<RecordTemplate, O, RecordContext> {
  readonly beginsEarly?: true;
}

declare module '../components/core/context.ts' {
  interface ComponentKinds {
    record: RecordTemplate;
  }
}
