import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileStore } from '../../../../../records/tracking/file/file-store.ts';
import type { Run } from '../../../../../records/tracking/types.ts';
import { newFolder } from '../../support.ts';

export interface ManyRuns {
  readonly folder: string;
  readonly experimentId: string;
  /** The folder of a run. */
  at(run: number): string;
  /** All runs as a new process finds them: with the index of earlier ones in `cache`, or reading everything. */
  search(cache?: string): Promise<readonly Run[]>;
}

/** A store with as many runs as are loaded together, written as MLflow writes them. */
export async function manyRuns(count = 104): Promise<ManyRuns> {
  const folder = join(newFolder(), 'mlruns');
  const store = new FileStore(`file://${folder}`, folder, Date.now);
  const experimentId = await store.createExperiment('many');
  const id = (run: number) => `r${String(run).padStart(5, '0')}`;
  const at = (run: number) => join(folder, experimentId, id(run));
  for (let run = 0; run < count; run++) {
    for (const kind of ['metrics/a', 'params', 'tags', 'artifacts'])
      mkdirSync(join(at(run), kind), { recursive: true });
    writeFileSync(join(at(run), 'metrics/m'), `5 ${run}.5 0\n`);
    writeFileSync(join(at(run), 'metrics/a/n'), `5 nan 1\n6 ${run} 2\n`);
    writeFileSync(join(at(run), 'params/p'), `v${run % 7}`);
    writeFileSync(join(at(run), 'params/q é'), '');
    writeFileSync(join(at(run), 'tags/mlflow.runName'), `name ${run}`);
    writeFileSync(
      join(at(run), 'meta.yaml'),
      `artifact_uri: ''\nend_time: 9\nexperiment_id: '${experimentId}'\nlifecycle_stage: active\nrun_id: ${id(run)}\nrun_name: name ${run}\nrun_uuid: ${id(run)}\nstart_time: ${run}\nstatus: ${run % 2 ? 1 : 3}\nuser_id: u\n`,
    );
  }
  return {
    folder,
    experimentId,
    at,
    async search(cache) {
      const fresh = new FileStore(`file://${folder}`, folder, Date.now, cache);
      const { items } = await fresh.searchRuns([experimentId], { orderBy: ['metrics.m DESC'] });
      await fresh.close();
      return items;
    },
  };
}

/** The one index in a cache. */
export const indexFile = (cache: string): string => join(cache, readdirSync(cache)[0]!);

/** Long enough for what was written to be older than what is read now. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));
