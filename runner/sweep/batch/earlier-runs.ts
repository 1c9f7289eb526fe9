import { existsSync } from 'node:fs';
import { UserError, UserErrors } from '../../../components/core/errors.ts';
import { isAlive } from '../../../components/core/process-mark.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { readWorkflow, type Settings, settingsOf } from '../../config/index.ts';
import { hashOf } from '../points.ts';
import { dataStamp } from '../stage-key.ts';
import { tags } from '../tags.ts';
import { yamlText } from '../yaml-text.ts';
import { batchTags } from './batch-tags.ts';
import type { BatchItem } from './read-batch.ts';

export interface EarlierRunsOptions {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uriFolder: string | undefined;
  readonly version: string;
}

/** What the store knows of an item of a batch. */
export interface EarlierRuns {
  /** The same for the same name, workflow, data and version of qrun; undefined where the workflow cannot be read. */
  readonly key: string | undefined;
  /** A run of it that has finished. */
  readonly finished: string | undefined;
}

/** Looks up what an earlier attempt at a batch has made, and ends as KILLED the runs that it left open. */
export class EarlierRunsFinder {
  readonly #options: EarlierRunsOptions;
  readonly #stamps = new Map<string, string>();

  constructor(options: EarlierRunsOptions) {
    this.#options = options;
  }

  async find(item: BatchItem): Promise<EarlierRuns> {
    const { cwd, home, env, uriFolder, version } = this.#options;
    try {
      const workflow = await readWorkflow(item.config, { cwd, env, overrides: item.overrides });
      const settings = settingsOf(workflow, { cwd, home });
      const key = hashOf([item.name, yamlText(workflow.python), this.#stampOf(settings), version]);
      const uri = settings.qlib.expManager?.uri ?? `file:${cwd}/${uriFolder ?? 'mlruns'}`;
      if (uri.startsWith('file:') && !existsSync(uri.replace(/^file:(\/\/)?/, '')))
        return { key, finished: undefined };
      const store = await openStore(uri, Date.now);
      try {
        const name = settings.experimentName ?? item.experimentName ?? 'workflow';
        return { key, finished: await finishedOf(store, name, key) };
      } finally {
        await store.close();
      }
    } catch (error) {
      // the run tells what is wrong with it
      if (error instanceof UserError || error instanceof UserErrors)
        return { key: undefined, finished: undefined };
      throw error;
    }
  }

  #stampOf({ qlib }: Settings): string {
    const folders = Object.values(qlib.providerUri).sort();
    const known = folders.join('\0');
    let stamp = this.#stamps.get(known);
    if (stamp === undefined) {
      stamp = folders.map((folder) => (existsSync(folder) ? dataStamp(folder) : '')).join();
      this.#stamps.set(known, stamp);
    }
    return stamp;
  }
}

async function finishedOf(
  store: TrackingStore,
  experimentName: string,
  key: string,
): Promise<string | undefined> {
  const experiment = await store.getExperimentByName(experimentName);
  if (!experiment) return undefined;
  const { items } = await store.searchRuns([experiment.experimentId], {
    filter: `tags."${batchTags.key}" = '${key}'`,
    orderBy: ['attributes.start_time ASC'],
  });
  for (const run of items) if (isAbandoned(run)) await endAsKilled(store, run);
  return items.find(({ info }) => info.status === 'FINISHED')?.info.runId;
}

const isAbandoned = ({ info, data }: Run) =>
  info.status === 'RUNNING' && isAlive(data.tags.get(tags.worker) ?? '') === false;

const endAsKilled = (store: TrackingStore, { info }: Run) =>
  store.updateRun(info.runId, { status: 'KILLED', endTime: Date.now() });
