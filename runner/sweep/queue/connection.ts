import { Redis } from 'ioredis';
import { UserError } from '../../../components/core/errors.ts';

/** Name of the queue in Redis. */
export const queueName = 'qrun';
export const prefix = '{qrun}';
const firstTryMs = 10_000;
const retryMs = 500;

/** A key that asks the worker of a job to give it up early. */
export const stopKey = (jobId: string) => `${prefix}:stop:${jobId}`;

/** A key that holds the contents of the files of jobs. */
export const filesKey = (hash: string) => `${prefix}:files:${hash}`;
/** Seconds for which they are kept after the last job that names them. */
export const filesKeptSeconds = 7 * 86_400;

export interface ConnectionEvents {
  /** Redis has gone; commands wait. */
  onAway?(): void;
  onBack?(): void;
}

/**
 * A connection that outlives Redis going away: commands wait until it is back.
 * @throws UserError for another kind of address, and where Redis does not answer at first
 */
export async function connectRedis(url: string, { onAway, onBack }: ConnectionEvents = {}): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url))
    throw new UserError(`"${url}" is no address of a queue`, { hint: 'write redis://host:6379' });
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: () => retryMs,
    enableReadyCheck: true,
  });
  let isAway = false;
  redis.on('error', () => {});
  redis.on('close', () => {
    if (!isAway && redis.status !== 'end') onAway?.();
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) onBack?.();
    isAway = false;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new UserError(`Redis does not answer at ${url.replace(/\/\/.*@/, '//')}`, {
            hint: 'start it, or check the address: redis://host:port',
          }),
        ),
      firstTryMs,
    );
  });
  try {
    await Promise.race([redis.ping(), late]);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise, but no longer than that: closing a connection may hang where Redis has gone. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
