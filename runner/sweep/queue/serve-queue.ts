import { type Job as QueueJob, Worker } from 'bullmq';
import type { Job, Outcome } from '../protocol.ts';
import { connectRedis, filesKey, prefix, queueName, stopKey, within } from './connection.ts';
import type { JobFiles } from './job-files.ts';

/** A worker that has not been heard of for that long has died; its job goes to another. */
const lockMs = 15_000;
const stalledEveryMs = 5_000;
const maxStalled = 20;
const closeMs = 5_000;

export interface JobContext {
  /** The job was given out before, to a worker that has died or lost its connection. */
  readonly isAgain: boolean;
  onMetric(value: number, step: number): void;
  /** The contents of the files of the job; undefined where Redis has lost them. */
  contents(hash: string): Promise<JobFiles['contents']>;
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
        async contents(hash) {
          const text = await redis.get(filesKey(hash));
          return text === null ? undefined : (JSON.parse(text) as JobFiles['contents']);
        },
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

/** Tells the step metric to whoever follows the job, what comes while a call is under way with the next one, and asks whether to stop. */
function reporter(
  job: QueueJob<Job, Outcome>,
  redis: Awaited<ReturnType<typeof connectRedis>>,
  stop: () => void,
) {
  let points: [value: number, step: number][] = [];
  let isBusy = false;
  const send = async () => {
    while (points.length > 0) {
      const sent = points;
      points = [];
      await job.updateProgress({ points: sent });
      if ((await redis.exists(stopKey(job.id!))) === 1) stop();
    }
  };
  return (value: number, step: number): void => {
    points.push([value, step]);
    if (isBusy) return;
    isBusy = true;
    void send()
      .catch(() => {})
      .finally(() => {
        isBusy = false;
      });
  };
}
