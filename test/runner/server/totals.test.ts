import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FileStore } from '../../../records/tracking/file/file-store.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { IndexedStore } from '../../../runner/server/index/indexed-store.ts';
import { TestServer } from './support.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const stores: Record<string, (folder: string) => Promise<TrackingStore>> = {
  'a SQLite store': (folder) => openStore(`sqlite:///${folder}/runs.db`, Date.now),
  'a file store in memory': async (folder) => {
    const store = new IndexedStore(new FileStore(folder, folder, Date.now), folder);
    await store.createExperiment('first');
    return store;
  },
};

describe.each(Object.entries(stores))('totals of %s', (_, open) => {
  it('count all runs that a search finds, not those of a page', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qrun-totals-'));
    folders.push(folder);
    const store = await open(folder);
    const id = await store.createExperiment('e');
    for (let i = 0; i < 7; i++) {
      const { runId } = await store.createRun({
        experimentId: id,
        runName: `r${i}`,
        userId: 'u',
        startTime: i,
      });
      await store.logBatch(runId, { metrics: [{ key: 'm', value: i, timestamp: 0, step: 0 }] });
      if (i === 0) await store.deleteRun(runId);
    }
    if (store instanceof IndexedStore) await store.warm();
    const server = new TestServer({ store });
    const ask = async (path: string, body: object) =>
      (await server.send('POST', `/api/qrun/${path}`, body)).json;
    const total = async (body: object) =>
      (await ask('runs/search', { experiment_ids: [id], limit: 2, ...body })).total;
    expect(await total({})).toBe(6);
    expect(await total({ offset: 4 })).toBe(6);
    expect(await total({ offset: 20 })).toBe(6);
    expect(await total({ run_view_type: 'ALL' })).toBe(7);
    expect(await total({ filter: 'metrics.m > 3' })).toBe(3);
    const { experiments } = await ask('experiments/search', {});
    expect(experiments.find((e: { id: string }) => e.id === id)).toMatchObject({ runs: 7, last: 6 });
    await server.close();
  });
});
