import { openStore } from '../../../records/tracking/open-store.ts';
import type { Executor } from '../executor.ts';
import { hashOf } from '../points.ts';
import type { Job } from '../protocol.ts';
import type { StartedRun } from '../worker-process.ts';
import type { BatchItem } from './read-batch.ts';

export type ItemEnd =
  | { readonly status: 'finished'; readonly runId: string; readonly seconds: number }
  | { readonly status: 'failed' | 'skipped'; readonly message: string };

export interface RunBatchOptions {
  readonly items: readonly BatchItem[];
  readonly executor: Executor;
  readonly threads: number;
  readonly cwd: string;
  readonly uriFolder: string | undefined;
  onEnd(item: BatchItem, end: ItemEnd): void;
  onRetry(item: BatchItem, message: string): void;
}

/** Tags that a batch gives to its runs. */
export const batchTags = { name: 'qrun.batch.name', key: 'qrun.batch.key' } as const;

/** Runs the items, each after those that it waits for; where one of these has not finished, it is skipped. */
export async function runBatch(options: RunBatchOptions): Promise<Map<string, ItemEnd>> {
  const { items, onEnd } = options;
  const ends = new Map<string, Promise<ItemEnd>>();
  const byName = new Map(items.map((item) => [item.name, item]));
  const endOf = (item: BatchItem): Promise<ItemEnd> => {
    let end = ends.get(item.name);
    if (!end) {
      end = runItem(item, (name) => endOf(byName.get(name)!), options).then((result) => {
        onEnd(item, result);
        return result;
      });
      ends.set(item.name, end);
    }
    return end;
  };
  await Promise.all(items.map(endOf));
  return new Map(await Promise.all([...ends].map(async ([name, end]) => [name, await end] as const)));
}

async function runItem(
  item: BatchItem,
  endOf: (name: string) => Promise<ItemEnd>,
  options: RunBatchOptions,
): Promise<ItemEnd> {
  for (const name of item.after)
    if ((await endOf(name)).status !== 'finished')
      return { status: 'skipped', message: `${name}, for which it waits, has not finished` };
  const started = performance.now();
  for (let tries = 0; ; tries++) {
    const result = await options.executor.run(jobOf(item, options), {}, 0);
    if (result.status === 'finished')
      return { status: 'finished', runId: result.runId, seconds: (performance.now() - started) / 1000 };
    if (result.status === 'crashed' && result.run) await endAsKilled(result.run);
    const message = result.status === 'stopped' ? 'stopped' : result.message;
    const isFinal = result.status === 'failed' && result.isUserError;
    if (isFinal || tries >= item.retries) return { status: 'failed', message };
    options.onRetry(item, message);
  }
}

/** A process that was ended hard leaves its run open. */
async function endAsKilled({ runId, uri }: StartedRun): Promise<void> {
  const store = await openStore(uri, Date.now);
  const { info } = await store.getRun(runId);
  if (info.status === 'RUNNING') await store.updateRun(runId, { status: 'KILLED', endTime: Date.now() });
  await store.close();
}

function jobOf(item: BatchItem, { threads, cwd, uriFolder }: RunBatchOptions): Job {
  return {
    id: hashOf([item.name, item.config]),
    config: item.config,
    overrides: item.overrides,
    tags: { [batchTags.name]: item.name, [batchTags.key]: hashOf([item.name, item.config, item.overrides]) },
    seed: 0,
    experimentName: item.experimentName ?? 'workflow',
    uri: '',
    uriFolder,
    cwd,
    threads,
    handlerKey: undefined,
    fitKey: undefined,
    reuseFrom: undefined,
    timeLimit: item.timeLimit,
    memoryLimit: item.memoryLimit,
    watch: undefined,
  };
}
