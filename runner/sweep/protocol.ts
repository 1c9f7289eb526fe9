import type { JobFiles } from './queue/job-files.ts';

/** What a worker process is asked to run. */
export interface Job {
  readonly id: string;
  readonly config: string;
  /** Of the workflow, for workers of other machines. */
  readonly files?: JobFiles | undefined;
  readonly overrides: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly experimentName: string;
  /** Of the store. */
  readonly uri: string;
  readonly uriFolder: string | undefined;
  readonly cwd: string;
  readonly threads: number | undefined;
  readonly handlerKey: string | undefined;
  /** All jobs have the same handler: the process that makes it may take every core, since the others wait for it. */
  readonly isDataShared?: boolean | undefined;
  /** False: no cache of features, so that each process computes its own. */
  readonly cache?: boolean | undefined;
  readonly fitKey: string | undefined;
  /** Run whose model and predictions are taken over. */
  readonly reuseFrom: string | undefined;
  /** Seconds; the process is ended when the run takes longer. */
  readonly timeLimit: number | undefined;
  /** Bytes of resident memory; the process is ended when it takes more. */
  readonly memoryLimit?: number | undefined;
  /** A job of that id has ended before: its run may be there. */
  readonly isRepeat?: boolean;
  /** Name of a step metric that the parent wants to hear of. */
  readonly watch: string | undefined;
}

export type ToWorker =
  | { readonly type: 'run'; readonly job: Job }
  | { readonly type: 'stop'; readonly id: string };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'start'; readonly id: string; readonly runId: string; readonly uri: string }
  | { readonly type: 'metric'; readonly id: string; readonly value: number; readonly step: number }
  | { readonly type: 'memory'; readonly bytes: number }
  | { readonly type: 'done'; readonly id: string; readonly outcome: Outcome };

export type Outcome =
  | {
      readonly status: 'finished';
      readonly runId: string;
      readonly metrics: Readonly<Record<string, number>>;
      readonly seconds: number;
      readonly fitSeconds: number;
    }
  | {
      readonly status: 'stopped';
      readonly runId: string;
      readonly step: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | {
      readonly status: 'failed';
      readonly runId: string | undefined;
      readonly message: string;
      readonly isUserError: boolean;
    };
