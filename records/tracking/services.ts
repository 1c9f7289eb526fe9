import type { RunEnvironment } from './environment.ts';
import type { MetricValue, Recorder } from './recorder.ts';

/** Keeps more of a run while it runs. Never a reason for a run to fail: `end` does not reject. */
export interface RunKeeper {
  /** Called before the run is marked as ended. */
  end(): Promise<void>;
}

/** What experiments and recorders need from outside. */
export interface Services {
  /** Milliseconds. */
  now(): number;
  readonly environment: RunEnvironment;
  /** Hears of the metrics of all runs, before they are written. */
  readonly onMetrics?: ((metrics: Readonly<Record<string, MetricValue>>) => void) | undefined;
  /** Called for each run that is started. */
  readonly keep?: ((recorder: Recorder) => RunKeeper) | undefined;
}
