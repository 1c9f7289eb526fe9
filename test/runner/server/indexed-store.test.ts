import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileStore } from '../../../records/tracking/file/file-store.ts';
import { IndexedStore } from '../../../runner/server/index/indexed-store.ts';

describe('IndexedStore', () => {
  let folder: string;
  let store: IndexedStore;
  /** Another process, as far as the store can tell. */
  let other: FileStore;
  let experimentId: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qrun-index-'));
    store = new IndexedStore(new FileStore(folder, folder, Date.now), folder);
    other = new FileStore(folder, folder, Date.now);
    experimentId = await store.createExperiment('e');
    await store.warm();
  });
  afterEach(async () => {
    await store.close();
    await other.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const newRun = (of: FileStore | IndexedStore, startTime: number) =>
    of.createRun({ experimentId, runName: `r${startTime}`, userId: 'u', startTime });
  const plain = (page: {
    items: readonly {
      info: object;
      data: {
        params: ReadonlyMap<string, string>;
        metrics: ReadonlyMap<string, object>;
        tags: ReadonlyMap<string, string>;
      };
    }[];
  }) =>
    page.items.map(({ info, data }) => ({
      info,
      params: [...data.params].sort(),
      metrics: [...data.metrics].sort(),
      tags: [...data.tags].sort(),
    }));

  it('answers as the store does after any writes', async () => {
    const key = fc.constantFrom('a', 'b', 'c/d');
    const step = fc.record({
      run: fc.nat(3),
      kind: fc.constantFrom('metric', 'param', 'tag', 'untag', 'end', 'delete', 'restore'),
      key,
      value: fc.integer({ min: -3, max: 3 }),
      step: fc.nat(2),
    });
    const runs = [
      await newRun(store, 1),
      await newRun(store, 2),
      await newRun(store, 3),
      await newRun(store, 4),
    ].map((r) => r.runId);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        for (const s of steps) {
          const id = runs[s.run]!;
          try {
            if (s.kind === 'metric')
              await store.logBatch(id, {
                metrics: [{ key: s.key, value: s.value, timestamp: 1, step: s.step }],
              });
            else if (s.kind === 'param') await store.logBatch(id, { params: [[s.key, String(s.value)]] });
            else if (s.kind === 'tag') await store.logBatch(id, { tags: [[s.key, String(s.value)]] });
            else if (s.kind === 'untag') await store.deleteTag(id, s.key);
            else if (s.kind === 'end') await store.updateRun(id, { status: 'FINISHED', endTime: s.step });
            else if (s.kind === 'delete') await store.deleteRun(id);
            else await store.restoreRun(id);
          } catch {
            // Refused: nothing has changed.
          }
        }
        for (const options of [
          { view: 'ALL' as const },
          { view: 'ALL' as const, orderBy: ['metrics.a DESC'] },
          { filter: "tags.b != '1'" },
        ])
          expect(plain(await store.searchRuns([experimentId], options))).toEqual(
            plain(await new FileStore(folder, folder, Date.now).searchRuns([experimentId], options)),
          );
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it('counts, and pages', async () => {
    for (let i = 0; i < 5; i++) await newRun(store, i);
    const page = await store.searchRuns([experimentId], {
      maxResults: 2,
      filter: 'attributes.start_time >= 1',
    });
    expect('total' in page && page.total).toBe(4);
    expect(page.items.map((r) => r.info.startTime)).toEqual([4, 3]);
    const next = await store.searchRuns([experimentId], {
      maxResults: 2,
      filter: 'attributes.start_time >= 1',
      pageToken: page.nextPageToken!,
    });
    expect(next.items.map((r) => r.info.startTime)).toEqual([2, 1]);
    expect(next.nextPageToken).toBeNull();
  });

  it('notices what other processes write', async () => {
    const own = await newRun(store, 1);
    const foreign = await newRun(other, 2);
    const ids = async (filter = '') =>
      (await store.searchRuns([experimentId], { filter })).items.map((r) => r.info.runId);
    expect(await ids()).toEqual([foreign.runId, own.runId]);
    await other.logBatch(foreign.runId, {
      metrics: [{ key: 'm', value: 5, timestamp: 1, step: 0 }],
      tags: [['t', 'x']],
    });
    await other.logBatch(own.runId, { tags: [['t', 'y']] });
    await other.updateRun(foreign.runId, { status: 'FAILED', endTime: 9 });
    // within seconds; how many depends on the load of the machine
    const soon = (filter: string) => expect.poll(() => ids(filter));
    await soon('metrics.m = 5').toEqual([foreign.runId]);
    await soon("tags.t = 'y'").toEqual([own.runId]);
    await soon("attributes.status = 'FAILED'").toEqual([foreign.runId]);
    await other.deleteRun(foreign.runId);
    await soon('').toEqual([own.runId]);
  });
});
