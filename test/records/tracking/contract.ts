import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrackingError } from '../../../records/tracking/errors.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { SearchOptions, TrackingStore } from '../../../records/tracking/store.ts';
import { newFolder } from './support.ts';

/** The message of a refusal; the whole of it is the store's to choose, so its first line. */
export const refusal = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof TrackingError) return error.problem;
      throw error;
    },
  );

async function newRun(store: TrackingStore, experimentId: string, runName = 'r', startTime = 5) {
  return (await store.createRun({ experimentId, runName, userId: 'u', startTime })).runId;
}

/** What every store does alike. `uriIn` names a store in a new folder. */
export function describeContract(
  name: string,
  uriIn: (folder: string) => string | Promise<string>,
  /** Longer params are cut. */
  longest = 100_000,
): void {
  const open = async (folder = newFolder()) => openStore(await uriIn(folder), Date.now);

  describe(`${name}, as every store`, () => {
    it('begins with the experiment "Default"', async () => {
      const store = await open();
      expect((await store.searchExperiments()).items).toMatchObject([
        { experimentId: '0', name: 'Default', lifecycleStage: 'active' },
      ]);
      expect(await refusal(store.deleteExperiment('0'))).toBe('the experiment "Default" cannot be deleted');
    });

    it('makes, renames, tags, deletes and restores experiments', async () => {
      const store = await open();
      const id = await store.createExperiment('é: "x"', { tags: { team: 'a' } });
      expect(await store.getExperiment(id)).toMatchObject({ name: 'é: "x"', tags: new Map([['team', 'a']]) });
      expect(await refusal(store.createExperiment('é: "x"'))).toBe(`experiment "é: "x"" exists (id ${id})`);
      await store.renameExperiment(id, 'y');
      await store.setExperimentTag(id, 'team', 'b');
      const runId = await newRun(store, id);
      await store.deleteExperiment(id);
      expect((await store.searchExperiments()).items.map((e) => e.name)).toEqual(['Default']);
      expect((await store.searchExperiments({ view: 'DELETED_ONLY' })).items.map((e) => e.name)).toEqual([
        'y',
      ]);
      expect(await store.getExperimentByName('y')).toMatchObject({ lifecycleStage: 'deleted' });
      expect((await store.getRun(runId)).info.lifecycleStage).toBe('deleted');
      expect(await refusal(newRun(store, id))).toBe('experiment "y" is deleted');
      expect(await refusal(store.createExperiment('y'))).toContain('exists');
      await store.restoreExperiment(id);
      expect((await store.getRun(runId)).info.lifecycleStage).toBe('active');
      expect(await store.getExperimentByName('nope')).toBeUndefined();
      expect(await refusal(store.getExperiment('12345'))).toContain('no experiment with id "12345"');
      expect(await refusal(store.getExperiment('../x'))).toContain('no experiment with id "../x"');
      const found = await store.searchExperiments({
        filter: "name LIKE 'D%' AND creation_time > 5",
        orderBy: ['name'],
      });
      expect(found.items.map((e) => e.name)).toEqual(['Default']);
      expect((await store.searchExperiments({ filter: "tags.team = 'b'" })).items.map((e) => e.name)).toEqual(
        ['y'],
      );
    });

    it('keeps what is logged, through a reopening', async () => {
      const folder = newFolder();
      const store = await open(folder);
      const experimentId = await store.createExperiment('e');
      const runId = await newRun(store, experimentId, "it's");
      const at = (key: string, value: number, timestamp: number, step: number) => ({
        key,
        value,
        timestamp,
        step,
      });
      await store.logBatch(runId, {
        params: [
          ['a', '1'],
          ['b/c', 'x\ny'],
          ['long', 'z'.repeat(longest)],
        ],
        tags: [
          ['t', ''],
          ['t', '2'],
          ['ü', '中'],
        ],
        metrics: [
          at('m', 1, 5, 2),
          at('m', 9, 9, 1),
          at('m', 3, 4, 2),
          at('m', 2, 5, 2),
          at('n', Number.NaN, 1, 0),
        ],
      });
      await store.logBatch(runId, {
        metrics: [
          at('l2/v', 0.1, 1, 0),
          at('inf', Number.NEGATIVE_INFINITY, 1, 0),
          at('tiny', 5e-324, 2 ** 41, -7),
        ],
      });
      await store.updateRun(runId, { status: 'FINISHED', endTime: 77 });
      await store.close();
      const again = await open(folder);
      const run = await again.getRun(runId);
      expect(run.info).toMatchObject({
        runName: "it's",
        status: 'FINISHED',
        startTime: 5,
        endTime: 77,
        userId: 'u',
      });
      expect(Object.fromEntries(run.data.params)).toEqual({
        a: '1',
        'b/c': 'x\ny',
        long: 'z'.repeat(longest),
      });
      expect(Object.fromEntries(run.data.tags)).toEqual({ t: '2', ü: '中', 'mlflow.runName': "it's" });
      const metrics = Object.fromEntries(
        [...run.data.metrics].map(([k, p]) => [k, [p.value, p.timestamp, p.step]]),
      );
      expect(metrics).toEqual({
        m: [2, 5, 2],
        n: [Number.NaN, 1, 0],
        'l2/v': [0.1, 1, 0],
        inf: [Number.NEGATIVE_INFINITY, 1, 0],
        tiny: [5e-324, 2 ** 41, -7],
      });
      expect((await again.getMetricHistory(runId, 'm')).map((p) => p.value)).toEqual([1, 9, 3, 2]);
      expect(await again.getMetricHistory(runId, 'absent')).toEqual([]);
      await again.deleteTag(runId, 't');
      expect(await refusal(again.deleteTag(runId, 't'))).toBe('no tag "t" in the run');
      await again.flush(runId);
    });

    it('refuses names, numbers and changed params before anything of the batch is written', async () => {
      const store = await open();
      const runId = await newRun(store, '0');
      await store.logBatch(runId, { params: [['a', '1']] });
      await store.logBatch(runId, { params: [['a', '1']] });
      expect(await refusal(store.logBatch(runId, { params: [['a', '2']] }))).toBe(
        'param "a" was logged as "1" and cannot become "2"',
      );
      const metric = { key: 'm', value: 1, timestamp: 1, step: 0 };
      for (const batch of [
        {
          params: [
            ['b', '1'],
            ['b', '2'],
          ] as const,
        },
        { params: [['b', '1']] as const, metrics: [{ ...metric, key: '../m' }] },
        { params: [['b', '1']] as const, metrics: [{ ...metric, step: 0.5 }] },
        { params: [['b', '1']] as const, metrics: [{ ...metric, timestamp: -1 }] },
        { params: [['b', '1']] as const, tags: [['a\0b', '1']] as const },
      ])
        expect(await refusal(store.logBatch(runId, batch))).not.toBe('no error');
      expect(Object.fromEntries((await store.getRun(runId)).data.params)).toEqual({ a: '1' });
      expect(await refusal(store.logBatch('0'.repeat(32), { params: [['a', '1']] }))).toContain(
        'no run with id',
      );
    });

    it('refuses names of runs and experiments that not every store can keep', async () => {
      const store = await open();
      const runId = await newRun(store, '0');
      for (const name of ['a\0b', 'a\ud800']) {
        expect(await refusal(newRun(store, '0', name))).toContain('has a NUL or half a character');
        expect(await refusal(store.updateRun(runId, { runName: name }))).toContain('half a character');
        expect(await refusal(store.createExperiment(name))).not.toBe('no error');
      }
      await store.updateRun(runId, { runName: '../a/b \u{1f4c8} ..' });
      expect((await store.getRun(runId)).info.runName).toBe('../a/b \u{1f4c8} ..');
    });

    it('refuses values with half a character, and writes nothing of such a call', async () => {
      const store = await open();
      const runId = await newRun(store, '0');
      const half = 'a\u{1f4c8}'.slice(0, 2);
      const message = (kind: string) => `value of ${kind} "t" has half a character at 1`;
      const batch = { params: [['p', 'x'] as const, ['t', half] as const] };
      expect(await refusal(store.logBatch(runId, batch))).toBe(message('param'));
      expect(await refusal(store.logBatch(runId, { tags: [['t', half]] }))).toBe(message('tag'));
      expect(await refusal(store.setExperimentTag('0', 't', half))).toBe(message('tag'));
      expect(await refusal(store.createExperiment('e', { tags: { t: half } }))).toBe(message('tag'));
      const options = { experimentId: '0', runName: 'r', userId: 'u', startTime: 5, tags: { t: half } };
      expect(await refusal(store.createRun(options))).toBe(message('tag'));
      expect((await store.getRun(runId)).data.params.size).toBe(0);
      expect((await store.searchRuns(['0'])).items.length).toBe(1);
      await store.logBatch(runId, { tags: [['t', '\u{1f4c8}']] });
      expect((await store.getRun(runId)).data.tags.get('t')).toBe('\u{1f4c8}');
    });

    it('renames runs, by update and by tag; deletes and restores them', async () => {
      const store = await open();
      const runId = await newRun(store, '0', 'one');
      await store.updateRun(runId, { runName: 'two' });
      expect((await store.getRun(runId)).data.tags.get('mlflow.runName')).toBe('two');
      await store.logBatch(runId, { tags: [['mlflow.runName', 'three']] });
      expect((await store.getRun(runId)).info.runName).toBe('three');
      await store.deleteRun(runId);
      expect((await store.searchRuns(['0'])).items).toEqual([]);
      expect((await store.searchRuns(['0'], { view: 'DELETED_ONLY' })).items).toHaveLength(1);
      expect((await store.searchRuns(['0'], { view: 'ALL' })).items).toHaveLength(1);
      expect(await refusal(store.logBatch(runId, { tags: [['a', 'b']] }))).toBe(`run ${runId} is deleted`);
      expect(await refusal(store.updateRun(runId, { status: 'FAILED' }))).toBe(`run ${runId} is deleted`);
      await store.restoreRun(runId);
      expect((await store.updateRun(runId, { status: 'KILLED', endTime: 9 })).status).toBe('KILLED');
    });

    it('searches alike', async () => {
      const store = await open();
      const one = await store.createExperiment('one');
      const two = await store.createExperiment('two');
      const add = async (
        id: string,
        runName: string,
        startTime: number,
        metrics: Record<string, number>,
        params: Record<string, string> = {},
      ) => {
        const runId = await newRun(store, id, runName, startTime);
        await store.logBatch(runId, {
          metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 0 })),
          params: Object.entries(params),
          tags: [['k', runName.toUpperCase()]],
        });
        return runId;
      };
      const a = await add(one, 'a', 1, { m: 2, 'x y': 1 }, { p: 'x', 'q r': "it's" });
      await add(one, 'b', 2, { m: Number.NaN });
      await add(one, 'c', 3, {}, { p: 'Y%' });
      await add(two, 'd', 4, { m: Number.POSITIVE_INFINITY }, { p: 'xx' });
      const e = await add(two, 'e', 5, { m: -1 });
      await store.updateRun(e, { status: 'FAILED', endTime: 50 });
      const names = async (options: SearchOptions) =>
        (await store.searchRuns([one, two, one, '999', '../x'], options)).items
          .map((r) => r.info.runName)
          .join('');
      expect(await names({})).toBe('edcba');
      expect(await names({ orderBy: ['metrics.m'] })).toBe('eadbc');
      expect(await names({ orderBy: ['metrics.m DESC'] })).toBe('daebc');
      expect(await names({ orderBy: ['params.p DESC', 'start_time'] })).toBe('dacbe');
      expect(await names({ orderBy: ['tags.k ASC'] })).toBe('abcde');
      expect(await names({ orderBy: ['attributes.end_time DESC'] })).toBe('edcba');
      expect(await names({ orderBy: ['attributes.run_name'] })).toBe('abcde');
      expect(await names({ filter: 'metrics.m != 2' })).toBe('edb');
      expect(await names({ filter: 'metrics.m > -5 and metrics.m <= 2' })).toBe('ea');
      expect(await names({ filter: 'metrics."x y" = 1' })).toBe('a');
      expect(await names({ filter: 'params.`q r` = "it\'s"' })).toBe('a');
      expect(await names({ filter: "params.p != 'x'" })).toBe('dc');
      expect(await names({ filter: 'params.p IS NULL' })).toBe('eb');
      expect(await names({ filter: 'params.p IS NOT NULL' })).toBe('dca');
      expect(await names({ filter: "params.p LIKE 'x%'" })).toBe('da');
      expect(await names({ filter: "params.p LIKE 'y%'" })).toBe('');
      expect(await names({ filter: "params.p ILIKE 'y_'" })).toBe('c');
      expect(await names({ filter: "tags.k = 'A'" })).toBe('a');
      expect(await names({ filter: "status = 'FAILED' AND user_id = 'u'" })).toBe('e');
      expect(await names({ filter: "run_id IN ('x', '".concat(a, "')") })).toBe('a');
      expect(await names({ filter: "run_id NOT IN ('".concat(a, "')") })).toBe('edcb');
      expect(await names({ filter: 'start_time >= 2 AND Created < 4' })).toBe('cb');
      expect(await names({ filter: 'end_time > 1' })).toBe('e');
      expect(await names({ filter: "run_name LIKE '_'" })).toBe('edcba');
      expect(await names({ filter: "dataset.name = 'd'" })).toBe('');
      expect(await refusal(names({ filter: 'metrics.m >' }))).toContain('search filter, character 12');
      let [seen, pageToken]: [string, string | undefined] = ['', undefined];
      do {
        const page = await store.searchRuns([one, two], {
          maxResults: 2,
          ...(pageToken ? { pageToken } : {}),
        });
        seen += page.items.map((r) => r.info.runName).join('');
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken);
      expect(seen).toBe('edcba');
      expect((await store.searchRuns([])).items).toEqual([]);
    });

    it('keeps the data sets that a run has read', async () => {
      const store = await open();
      const runId = await newRun(store, '0');
      await newRun(store, '0', 'other');
      const dataset = {
        name: 'sp500',
        digest: 'abc',
        context: 'train',
        sourceType: 'local',
        source: '{}',
        schema: null,
        profile: '{"rows":1}',
      };
      await store.logInputs(runId, [{ ...dataset, tags: new Map([['x', 'y']]) }]);
      await store.logInputs(runId, [dataset]);
      const [found, ...others] = (await store.getRun(runId)).datasets;
      expect(others).toEqual([]);
      expect(found).toEqual({
        ...dataset,
        tags: new Map([
          ['x', 'y'],
          ['mlflow.data.context', 'train'],
        ]),
      });
      const search = async (filter: string) => (await store.searchRuns(['0'], { filter })).items.length;
      expect(await search("dataset.name = 'sp500' AND dataset.context IN ('train', 'test')")).toBe(1);
      expect(await search("dataset.digest LIKE 'x%'")).toBe(0);
      expect(await refusal(store.logInputs(runId, [{ ...dataset, name: '' }]))).toContain('no name');
    });

    it('keeps artifacts', async () => {
      const folder = newFolder();
      const store = await open(folder);
      const runId = await newRun(store, '0');
      const artifacts = await store.artifacts(runId);
      await artifacts.write('a b/ü.bin', [Uint8Array.of(1, 2), Uint8Array.of(3)]);
      await artifacts.write('text', 'x');
      const local = newFolder();
      mkdirSync(join(local, 'sub'));
      writeFileSync(join(local, 'sub/f.txt'), 'f');
      await artifacts.upload(local, 'up');
      expect(await artifacts.list()).toEqual([
        { path: 'a b', isFolder: true, size: null },
        { path: 'text', isFolder: false, size: 1 },
        { path: 'up', isFolder: true, size: null },
      ]);
      expect([...(await (await store.artifacts(runId)).read('a b/ü.bin'))]).toEqual([1, 2, 3]);
      expect(await refusal(artifacts.read('nope'))).toBe('no artifact "nope" in the run');
      for (const path of ['../x', '/x', 'a/../../x', 'x\0', 'a\\b'])
        expect(await refusal(artifacts.write(path, 'x'))).toContain('invalid artifact path');
      await artifacts.remove('up');
      expect(await artifacts.list('up')).toEqual([]);
      expect(await refusal(artifacts.remove('up'))).toBe('no artifact "up" in the run');
      await store.close();
    });

    it('gives one experiment to several that make it at once', async () => {
      const folder = newFolder();
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(folder)));
      const results = await Promise.allSettled(stores.map((s) => s.createExperiment('same')));
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
      for (const store of stores) await store.close();
    });
  });
}
