import { availableParallelism } from 'node:os';
import { UserError, UserErrors } from '../../components/core/errors.ts';
import { processMark } from '../../components/core/process-mark.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import type { DataHandler } from '../../components/dataset/types.ts';
import { openStore } from '../../records/tracking/open-store.ts';
import type { RunHooks } from '../run-hooks.ts';
import { runWorkflow } from '../workflow.ts';
import type { Job, Outcome } from './protocol.ts';
import { reuseStage } from './reuse-stage.ts';
import { tags } from './tags.ts';

export interface SessionEvents {
  onStart(runId: string, uri: string): void;
  onMetric(value: number, step: number): void;
}

export interface RunningJob {
  readonly outcome: Promise<Outcome>;
  /** Gives the run up at the next chance: the store has it as KILLED with the step at which it was stopped. */
  stop(): void;
}

/** Thrown into a run by early termination. */
class Stopped extends Error {}

/** One process that makes one run after the other and keeps what the next may share: worker threads and the last handler. */
export class WorkerSession {
  #pool: WorkerPool | undefined;
  #handler: { readonly key: string; readonly value: Promise<DataHandler> } | undefined;
  readonly #home: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(where: { readonly home: string; readonly env: Readonly<Record<string, string | undefined>> }) {
    this.#home = where.home;
    this.#env = where.env;
  }

  run(job: Job, events: SessionEvents): RunningJob {
    let reject: (error: Error) => void = () => {};
    const interrupted = new Promise<never>((_, r) => {
      reject = r;
    });
    interrupted.catch(() => {});
    const outcome = this.#run(job, events, interrupted);
    return { outcome, stop: () => reject(new Stopped('stopped early')) };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = undefined;
  }

  async #run(job: Job, events: SessionEvents, interrupted: Promise<never>): Promise<Outcome> {
    const started = Date.now();
    let runId: string | undefined;
    let uri: string | undefined;
    let fitted = started;
    let lastStep = 0;
    const hooks: RunHooks = {
      pool: (this.#pool ??= new WorkerPool(job.threads)),
      interrupted,
      computeThreads: job.isDataShared ? availableParallelism() : undefined,
      onStart: (run) => {
        runId = run.runId;
        uri = run.uri;
        events.onStart(run.runId, run.uri);
      },
      onMetric: (name, value, step) => {
        if (name !== job.watch) return;
        lastStep = step;
        events.onMetric(value, step);
      },
      ...(job.handlerKey === undefined
        ? {}
        : { handler: (_, make) => this.#handlerOf(job.handlerKey!, make) }),
      ...(job.reuseFrom === undefined
        ? {}
        : { reuseFit: (R, recorder) => reuseStage(R, job.reuseFrom!, recorder) }),
      onFitted: async (recorder, stepMetrics) => {
        fitted = Date.now();
        await recorder.setTags({ [tags.stepMetrics]: JSON.stringify(stepMetrics) });
      },
    };
    try {
      const { runId: id, metrics } = await runWorkflow({
        config: job.config,
        overrides: job.overrides,
        tags: {
          ...job.tags,
          [tags.worker]: processMark(),
          ...(job.fitKey === undefined ? {} : { [tags.fit]: job.fitKey }),
        },
        seed: job.seed,
        experimentName: job.experimentName,
        uriFolder: job.uriFolder,
        threads: job.threads,
        cache: job.cache,
        verbose: false,
        cwd: job.cwd,
        home: this.#home,
        env: this.#env,
        terminal: { isTTY: false, write: () => {} },
        now: Date.now,
        hooks,
      });
      const now = Date.now();
      return {
        status: 'finished',
        runId: id,
        metrics,
        seconds: (now - started) / 1000,
        fitSeconds: (fitted - started) / 1000,
      };
    } catch (error) {
      // a training that was given up still runs on the threads
      await this.close();
      if (!(error instanceof Stopped)) this.#handler = undefined;
      if (error instanceof Stopped && runId !== undefined && uri !== undefined)
        return { status: 'stopped', runId, step: lastStep, metrics: await markStopped(uri, runId, lastStep) };
      const isUserError = error instanceof UserError || error instanceof UserErrors;
      const message = error instanceof Error ? error.message : String(error);
      return { status: 'failed', runId, message, isUserError };
    }
  }

  /** Only the last handler is kept: two would not fit where one is large. */
  async #handlerOf(key: string, make: () => Promise<DataHandler>): Promise<DataHandler> {
    if (this.#handler?.key !== key) this.#handler = { key, value: make() };
    return this.#handler.value;
  }
}

/** The run has ended as FAILED by then; returns its figures so far. */
async function markStopped(uri: string, runId: string, step: number): Promise<Record<string, number>> {
  const store = await openStore(uri, Date.now);
  await store.logBatch(runId, { tags: [[tags.stopped, String(step)]] });
  await store.updateRun(runId, { status: 'KILLED' });
  const { data } = await store.getRun(runId);
  await store.close();
  return Object.fromEntries([...data.metrics].map(([key, point]) => [key, point.value]));
}
