import { type ChildProcess, fork } from 'node:child_process';
import { Queue, QueueEvents, Job as QueueJob } from 'bullmq';
import { builtFile } from '../../../components/core/package-root.ts';
import type { Executor, RunningEvents } from '../executor.ts';
import type { Job, Outcome } from '../protocol.ts';
import type { JobResult } from '../worker-process.ts';
import {
  connectRedis,
  filesKeptSeconds,
  filesKey,
  prefix,
  queueName,
  stopKey,
  within,
} from './connection.ts';
import type { JobFiles } from './job-files.ts';

const pollMs = 2000;
/** Outstanding jobs that one look asks for. */
const pollAtMost = 500;
const stopSeconds = 3600;
const closeMs = 2000;

export interface QueueExecutorOptions {
  readonly url: string;
  /** Workers started on this machine beside those elsewhere. */
  readonly workers: number;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

interface Waiting {
  readonly job: Job;
  readonly events: RunningEvents;
  readonly priority: number;
  end(result: JobResult): void;
}

/** Jobs in flight at a time; how many really run is up to the workers. */
const inFlight = 256;

/**
 * Hands jobs to a BullMQ queue and waits for their outcome. Events of the queue tell of it at once; besides, outstanding jobs are
 * looked at every other second, since events may be lost with a connection. A job that Redis does not know any more counts as crashed.
 */
export async function queueExecutor(options: QueueExecutorOptions): Promise<Executor> {
  const { url, say } = options;
  const connection = await connectRedis(url, {
    onAway: () => say('Redis is away; waiting for it'),
    onBack: () => say('Redis is back'),
  });
  return new QueueExecutor(options, connection);
}

class QueueExecutor implements Executor {
  readonly parallel = inFlight;
  readonly isShared = true;
  readonly #queue: Queue<Job, Outcome>;
  readonly #events: QueueEvents;
  readonly #listening: Awaited<ReturnType<typeof connectRedis>>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;
  readonly #workers: ChildProcess[] = [];
  #isPolling = false;
  #isClosing = false;

  constructor(
    private readonly options: QueueExecutorOptions,
    private readonly redis: Awaited<ReturnType<typeof connectRedis>>,
  ) {
    this.#queue = new Queue(queueName, { connection: redis, prefix });
    // events wait on a connection of their own
    this.#listening = redis.duplicate();
    this.#listening.on('error', () => {});
    this.#events = new QueueEvents(queueName, { connection: this.#listening, prefix });
    this.#queue.on('error', () => {});
    this.#events.on('error', () => {});
    this.#events.on('active', ({ jobId }) => {
      const waiting = this.#waiting.get(jobId);
      waiting?.events.onBegin?.(() => void this.redis.set(stopKey(jobId), '1', 'EX', stopSeconds));
    });
    this.#events.on('progress', ({ jobId, data }) => {
      const { points } = data as { points?: readonly (readonly [value: number, step: number])[] };
      for (const [value, step] of points ?? []) this.#waiting.get(jobId)?.events.onMetric?.(value, step);
    });
    this.#events.on('completed', ({ jobId }) => void this.#look(jobId));
    this.#events.on('failed', ({ jobId }) => void this.#look(jobId));
    this.#timer = setInterval(() => void this.#poll(), pollMs);
    for (let i = 0; i < options.workers; i++) this.#startWorker();
  }

  run(job: Job, events: RunningEvents, priority: number): Promise<JobResult> {
    return new Promise((resolve) => {
      const end = (result: JobResult) => {
        if (this.#waiting.delete(job.id)) resolve(result);
      };
      this.#waiting.set(job.id, { job, events, priority, end });
      void this.#add(job, priority).catch((error: Error) =>
        end({ status: 'crashed', message: error.message }),
      );
    });
  }

  /** Takes back what waits in the queue; what workers make just now they finish and record. */
  async interrupt(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(
      [...this.#waiting.values()].map(async ({ job, end }) => {
        await this.#queue.remove(job.id).catch(() => 0);
        end({ status: 'crashed', message: 'the sweep was interrupted' });
      }),
    );
    await this.close();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    const ends = this.#workers.map((child) =>
      child.exitCode !== null || child.signalCode !== null
        ? undefined
        : new Promise((resolve) => child.once('exit', resolve)),
    );
    for (const child of this.#workers) child.kill('SIGTERM');
    await Promise.all(ends);
    if (this.redis.status === 'end') return;
    await within(closeMs, Promise.allSettled([this.#events.close(), this.#queue.close()]));
    this.#listening.disconnect();
    this.redis.disconnect();
  }

  /** Where a job of that name from an earlier attempt has ended, the worker looks into the store first: the run may be there by now. */
  async #add(job: Job, priority: number): Promise<void> {
    const old = await QueueJob.fromId<Job, Outcome>(this.#queue, job.id);
    const isRepeat = old !== undefined && (await isEnded(old));
    if (isRepeat) await old.remove();
    const { contents, ...files } = job.files ?? {};
    if (contents)
      await this.redis.set(filesKey(job.files!.hash), JSON.stringify(contents), 'EX', filesKeptSeconds);
    await this.#queue.add(
      'run',
      { ...job, files: job.files && (files as JobFiles), isRepeat },
      {
        jobId: job.id,
        // BullMQ: the smaller the sooner, from 1 on
        priority: 1 - priority,
        removeOnComplete: { age: stopSeconds },
        removeOnFail: { age: stopSeconds },
      },
    );
  }

  async #poll(): Promise<void> {
    if (this.#isPolling || this.redis.status !== 'ready') return;
    this.#isPolling = true;
    try {
      for (const id of [...this.#waiting.keys()].slice(0, pollAtMost)) await this.#look(id, true);
    } finally {
      this.#isPolling = false;
    }
  }

  /** Ends the wait for a job that has ended; with `isLost` also for one that Redis has lost. */
  async #look(id: string, isLost = false): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    try {
      // the state first: a job that ends in between has its value then
      const state = await this.#queue.getJobState(id);
      if (state === 'unknown') {
        if (isLost) await this.#again(waiting);
        return;
      }
      if (state !== 'completed' && state !== 'failed') return;
      const job = await QueueJob.fromId<Job, Outcome>(this.#queue, id);
      if (state === 'completed' && job?.returnvalue) waiting.end(job.returnvalue);
      else waiting.end({ status: 'crashed', message: job?.failedReason ?? 'the job failed' });
    } catch {
      // Redis went away under it; the next look tells
    }
  }

  /** Twice in a row unknown: a job that is just being added is not lost. */
  async #again(waiting: Waiting): Promise<void> {
    const { id } = waiting.job;
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.#waiting.get(id) === waiting && !(await QueueJob.fromId(this.#queue, id)))
      waiting.end({ status: 'crashed', message: 'Redis has lost the job' });
  }

  #startWorker(): void {
    const child = fork(builtFile('cli.js'), ['worker', '--queue', this.options.url, '--with-parent'], {
      env: this.options.env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#workers.push(child);
    child.once('exit', () => {
      this.#workers.splice(this.#workers.indexOf(child), 1);
      if (!this.#isClosing) setTimeout(() => !this.#isClosing && this.#startWorker(), 500);
    });
  }
}

async function isEnded(job: QueueJob): Promise<boolean> {
  const state = await job.getState();
  return state === 'completed' || state === 'failed';
}
