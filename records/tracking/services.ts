import type { RunEnvironment } from './environment.ts';
import type { Recorder } from './recorder.ts';

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
  /** Called for each run that is started. */
  readonly keep?: ((recorder: Recorder) => RunKeeper) | undefined;
}
