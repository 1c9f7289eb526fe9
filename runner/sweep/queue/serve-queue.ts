import { type Job as QueueJob, Worker } from 'bullmq';
import type { Job, Outcome } from '../protocol.ts';
import { connectRedis, prefix, queueName, stopKey, within } from './connection.ts';

/** A worker that has not been heard of for that long has died; its job goes to another. */
const lockMs = 15_000;
const stalledEveryMs = 5_000;
const maxStalled = 20;
const closeMs = 5_000;

export interface JobContext {
  /** The job was given out before, to a worker that has died or lost its connection. */
  readonly isAgain: boolean;
  onMetric(value: number, step: number): void;
  /** Set by the runner: gives the job up early. */
  stop: () => void;
}

export interface ServeOptions {
  readonly url: string;
  /** Jobs at the same time. */
  readonly concurrency: number;
  readonly lockMs?: number;
  run(job: Job, context: JobContext): Promise<Outcome>;
  readonly say: (line: string) => void;
}

export interface Served {
  /** Takes no more jobs and waits for those that run. */
  close(): Promise<void>;
}

/** Takes jobs from the queue, one after the other, until it is closed. */
export async function serveQueue({
  url,
  concurrency,
  run,
  say,
  lockMs: lock = lockMs,
}: ServeOptions): Promise<Served> {
  const redis = await connectRedis(url, {
    onAway: () => say('Redis is away; waiting for it'),
    onBack: () => say('Redis is back'),
  });
  const worker = new Worker<Job, Outcome>(
    queueName,
    async (job) => {
      const context: JobContext = {
        isAgain: job.attemptsStarted > 1 || job.stalledCounter > 0,
        onMetric: reporter(job, redis, () => context.stop()),
        stop: () => {},
      };
      return run(job.data, context);
    },
    {
      connection: redis,
      prefix,
      concurrency,
      lockDuration: lock,
      stalledInterval: Math.min(stalledEveryMs, lock),
      maxStalledCount: maxStalled,
    },
  );
  worker.on('error', () => {});
  return {
    async close() {
      await within(closeMs, worker.close());
      redis.disconnect();
    },
  };
}

/** Tells the step metric to whoever follows the job, the newest only while a call is under way, and asks whether to stop. */
function reporter(
  job: QueueJob<Job, Outcome>,
  redis: Awaited<ReturnType<typeof connectRedis>>,
  stop: () => void,
) {
  let isBusy = false;
  return (value: number, step: number): void => {
    if (isBusy) return;
    isBusy = true;
    void (async () => {
      await job.updateProgress({ value, step });
      if ((await redis.exists(stopKey(job.id!))) === 1) stop();
    })()
      .catch(() => {})
      .finally(() => {
        isBusy = false;
      });
  };
}
