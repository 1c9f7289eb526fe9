import { openStore } from '../../../records/tracking/open-store.ts';
import type { Executor } from '../executor.ts';
import { hashOf } from '../points.ts';
import type { Job } from '../protocol.ts';
import type { StartedRun } from '../worker-process.ts';
import { batchTags } from './batch-tags.ts';
import type { EarlierRuns } from './earlier-runs.ts';
import type { BatchItem } from './read-batch.ts';

export type ItemEnd =
  | { readonly status: 'finished'; readonly runId: string; readonly seconds: number }
  /** By an earlier attempt. */
  | { readonly status: 'done'; readonly runId: string }
  | { readonly status: 'failed' | 'skipped'; readonly message: string };

export interface RunBatchOptions {
  readonly items: readonly BatchItem[];
  readonly executor: Executor;
  readonly threads: number;
  readonly cwd: string;
  readonly uriFolder: string | undefined;
  /** What the store has of an item. */
  earlier(item: BatchItem): Promise<EarlierRuns>;
  onEnd(item: BatchItem, end: ItemEnd): void;
  onRetry(item: BatchItem, message: string): void;
}

/** Has the item a finished run, of this attempt or an earlier one? */
export const isThere = ({ status }: ItemEnd) => status === 'finished' || status === 'done';

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
    if (!isThere(await endOf(name)))
      return { status: 'skipped', message: `${name}, for which it waits, has not finished` };
  const { key, finished } = await options.earlier(item);
  if (finished !== undefined) return { status: 'done', runId: finished };
  const started = performance.now();
  for (let tries = 0; ; tries++) {
    const result = await options.executor.run(jobOf(item, key, options), {}, 0);
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

function jobOf(item: BatchItem, key: string | undefined, { threads, cwd, uriFolder }: RunBatchOptions): Job {
  return {
    id: hashOf([item.name, item.config]),
    config: item.config,
    overrides: item.overrides,
    tags: { [batchTags.name]: item.name, ...(key === undefined ? {} : { [batchTags.key]: key }) },
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
