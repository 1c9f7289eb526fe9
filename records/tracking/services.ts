import type { RunEnvironment } from './environment.ts';

/** What experiments and recorders need from outside. */
export interface Services {
  /** Milliseconds. */
  now(): number;
  readonly environment: RunEnvironment;
}
