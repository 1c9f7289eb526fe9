import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../records/tracking/open-store.ts';
import { newFolder } from './support.ts';

describe.each([
  ['file', (folder: string) => `file://${folder}/mlruns`],
  ['sqlite', (folder: string) => `sqlite:///${folder}/runs.db`],
])('a store of kind %s', (_, uriIn) => {
  async function made() {
    const folder = newFolder();
    const store = await openStore(uriIn(folder), Date.now);
    const experimentId = await store.createExperiment('e', { tags: { a: 'b' } });
    const add = async (runId?: string) => {
      const run = { experimentId, runName: 'r', userId: 'u', startTime: 1, runId };
      const { runId: id } = await store.createRun(run);
      await store.logBatch(id, {
        params: [['p', '1']],
        metrics: [{ key: 'm', value: 1, step: 0, timestamp: 1 }],
        tags: [['t', 'x']],
      });
      await store.logInputs(id, [
        { name: 'd', digest: '1', context: 'train', sourceType: 'local', source: 's' },
      ]);
      await (await store.artifacts(id)).write('a/b.txt', 'text');
      return id;
    };
    return { store, experimentId, add };
  }

  it('creates a run under a given id once', async () => {
    const { store, add } = await made();
    const id = '0123456789abcdef0123456789abcdef';
    expect(await add(id)).toBe(id);
    await expect(add(id)).rejects.toThrow('is there already');
    for (const wrong of ['../x', '', 'a/b', 'x'.repeat(400)])
      await expect(add(wrong)).rejects.toThrow('is no id of a run');
    await store.close();
  });

  it('deletes for good what is deleted, and nothing else', async () => {
    const { store, experimentId, add } = await made();
    const [gone, kept] = [await add(), await add()];
    await expect(store.purgeRun!(gone)).rejects.toThrow('is not deleted');
    await store.deleteRun(gone);
    const folder = dirname((await store.artifacts(gone)).localPath()!);
    await store.purgeRun!(gone);
    await expect(store.getRun(gone)).rejects.toThrow('no run');
    expect(existsSync(folder)).toBe(false);
    const run = await store.getRun(kept);
    expect([run.data.params.get('p'), run.datasets.length]).toEqual(['1', 1]);
    expect(await (await store.artifacts(kept)).list('a')).toHaveLength(1);

    await expect(store.purgeExperiment!(experimentId)).rejects.toThrow('is not deleted');
    await store.deleteExperiment(experimentId);
    await store.purgeExperiment!(experimentId);
    await expect(store.getRun(kept)).rejects.toThrow('no run');
    expect(await store.getExperimentByName('e')).toBeUndefined();
    await store.createExperiment('e');
    await store.close();
    expect(readdirSync(dirname(dirname(folder))).filter((name) => name.length === 32)).toEqual([]);
    expect(existsSync(join(folder, 'artifacts'))).toBe(false);
  });
});
