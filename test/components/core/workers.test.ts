import { existsSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { train } from '../../../components/model/gbdt/index.ts';

let pool: WorkerPool;
afterEach(() => pool.close());

/** Hashes of no file: the smallest task there is. */
const ask = (pool: WorkerPool, times: number) =>
  pool.all(
    'cache-content',
    Array.from({ length: times }, () => []),
  );

describe('WorkerPool', () => {
  it('leaves a thread to what is done beside a busy caller, whoever asks', async () => {
    pool = new WorkerPool(3);
    let [running, most] = [0, 0];
    const run = pool.run.bind(pool);
    pool.run = async <R>(task: string, payload: unknown): Promise<R> => {
      most = Math.max(most, ++running);
      const result = await run<R>(task, payload);
      running--;
      return result;
    };
    const ask = () => [
      pool.beside.all('cache-content', [[], [], []]),
      pool.beside.all('cache-content', [[], []]),
    ];
    const asked = await pool.busyWith(() => Promise.all(ask()));
    expect(asked.map((all) => all.length)).toEqual([3, 2]);
    expect(most).toBe(2);
    await Promise.all(ask());
    expect([pool.beside.size, most]).toEqual([3, 3]);
    await expect(pool.beside.run('no-such-task', null)).rejects.toThrow('no worker task "no-such-task"');
    expect(await pool.beside.run('cache-content', [])).toEqual([]);
  });

  it('gives what waits all threads when the caller is busy no more, also after a failure', async () => {
    pool = new WorkerPool(2);
    let asked: Promise<unknown[]> | undefined;
    const failing = pool.busyWith(async () => {
      asked = pool.beside.all('cache-content', [[], [], [], []]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await asked).toEqual([[], [], [], []]);
  });

  it('has more threads while work lasts that others wait for', async () => {
    pool = new WorkerPool(1);
    const during = await pool.widened(3, async () => {
      await ask(pool, 6);
      return pool.size;
    });
    expect([during, pool.size]).toEqual([3, 1]);
    expect(await ask(pool, 4)).toEqual([[], [], [], []]);
  });

  it.skipIf(!existsSync('/proc/self/task'))('starts its threads once, before there is work', async () => {
    const threads = () => readdirSync('/proc/self/task').length;
    pool = new WorkerPool(2);
    const before = threads();
    pool.start();
    const after = threads();
    expect(after).toBeGreaterThanOrEqual(before + 2);
    pool.start();
    expect(await ask(pool, 3)).toEqual([[], [], []]);
    expect(threads()).toBeLessThan(after + 2);
  });

  it('is never narrowed, and is as before after a failure', async () => {
    pool = new WorkerPool(2);
    const failing = pool.widened(1, async () => {
      expect(pool.size).toBe(2);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(pool.size).toBe(2);
  });

  it('hands on what a task has to tell the user, with hint and path', async () => {
    pool = new WorkerPool(2);
    const values = Float32Array.from({ length: 20_000 }, (_, i) => i % 50);
    const column = { values, rows: null };
    const data = { columns: new Array(100).fill(column), label: values };
    const training = train({ params: { boosting: 'rf' }, data, rounds: 1, pool });
    await expect(training).rejects.toBeInstanceOf(UserError);
    await expect(training).rejects.toMatchObject({
      problem: 'a random forest without chance',
      hint: 'give bagging_fraction below 1 and bagging_freq above 0, or feature_fraction below 1',
      path: ['boosting'],
    });
  });
});
