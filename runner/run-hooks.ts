import type { WorkerPool } from '../components/core/workers.ts';
import type { DataHandler } from '../components/dataset/types.ts';
import type { QlibRecorder } from '../records/tracking/r.ts';
import type { Recorder } from '../records/tracking/recorder.ts';
import type { Settings, Workflow } from './config/index.ts';

/** What a process that makes several runs shares between them, and what it hears of each. */
export interface RunHooks {
  /** Worker threads of the process; the run does not end them. */
  readonly pool?: WorkerPool;
  /** Threads that compute features for which other processes wait. */
  readonly computeThreads?: number | undefined;
  /** Called once the run is in the store. */
  onStart?(run: { readonly runId: string; readonly experimentId: string; readonly uri: string }): void;
  /** A figure by step, as the model logs it. */
  onMetric?(name: string, value: number, step: number): void;
  /** Rejects when the run is to be given up during training. */
  readonly interrupted?: Promise<never>;
  /** Gives the handler of an equal config that is set up already, or makes it. */
  handler?(
    where: { readonly workflow: Workflow; readonly settings: Settings },
    make: () => Promise<DataHandler>,
  ): Promise<DataHandler>;
  /** Takes model and predictions from an earlier run of equal config; false where there is none. Then the first SignalRecord is not made. */
  reuseFit?(R: QlibRecorder, recorder: Recorder): Promise<boolean>;
  /** Names of the figures by step that training logged. */
  onFitted?(recorder: Recorder, stepMetrics: readonly string[]): Promise<void>;
}
