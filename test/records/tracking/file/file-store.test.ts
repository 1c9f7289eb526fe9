import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrackingError } from '../../../../records/tracking/errors.ts';
import { FileStore } from '../../../../records/tracking/file/file-store.ts';
import { newFolder, newStore } from '../support.ts';

async function newRun(folder = join(newFolder(), 'mlruns')) {
  const { store } = newStore(folder);
  const experimentId = await store.createExperiment('e');
  const { runId } = await store.createRun({ experimentId, runName: 'r', userId: 'u', startTime: 5 });
  return { store, folder, experimentId, runId, runFolder: join(folder, experimentId, runId) };
}

const message = (act: Promise<unknown>) =>
  act.then(
    () => 'no error',
    (error: unknown) => {
      if (error instanceof TrackingError) return error.message;
      throw error;
    },
  );

describe('FileStore', () => {
  it('makes the layout of MLflow', async () => {
    const { folder, experimentId, runId, runFolder } = await newRun();
    expect(experimentId).toMatch(/^[1-9]\d{17}$/);
    expect(readdirSync(folder).sort()).toEqual(['.trash', '0', experimentId].sort());
    expect(readdirSync(runFolder).sort()).toEqual(['artifacts', 'meta.yaml', 'metrics', 'params', 'tags']);
    expect(readFileSync(join(runFolder, 'tags/mlflow.runName'), 'utf8')).toBe('r');
    expect(readFileSync(join(runFolder, 'meta.yaml'), 'utf8')).toBe(
      `artifact_uri: file://${runFolder}/artifacts\nend_time: null\nentry_point_name: ''\nexperiment_id: '${experimentId}'\nlifecycle_stage: active\nrun_id: ${/^[a-z]/.test(runId) ? runId : `'${runId}'`}\nrun_name: r\nrun_uuid: ${/^[a-z]/.test(runId) ? runId : `'${runId}'`}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 5\nstatus: 1\ntags: []\nuser_id: u\n`,
    );
  });

  it('writes metrics, params and tags as MLflow does', async () => {
    const { store, runId, runFolder } = await newRun();
    await store.logBatch(runId, {
      params: [['a.b', 'x\ny']],
      tags: [['t', '']],
      metrics: [
        { key: 'l2/valid', value: 1, timestamp: 7, step: 0 },
        { key: 'l2/valid', value: 1e-7, timestamp: 8, step: 1 },
        { key: 'm', value: Number.NaN, timestamp: 9, step: -3 },
      ],
    });
    await store.logBatch(runId, {
      metrics: [{ key: 'l2/valid', value: Number.NEGATIVE_INFINITY, timestamp: 9, step: 2 }],
    });
    expect(readFileSync(join(runFolder, 'metrics/l2/valid'), 'utf8')).toBe('7 1.0 0\n8 1e-07 1\n9 -inf 2\n');
    expect(readFileSync(join(runFolder, 'metrics/m'), 'utf8')).toBe('9 nan -3\n');
    expect(readFileSync(join(runFolder, 'params/a.b'), 'utf8')).toBe('x\ny');
    const { data } = await store.getRun(runId);
    expect(data.metrics.get('l2/valid')).toEqual({ value: Number.NEGATIVE_INFINITY, timestamp: 9, step: 2 });
    expect(data.tags.get('t')).toBe('');
    expect(await store.getMetricHistory(runId, 'm')).toEqual([{ value: Number.NaN, timestamp: 9, step: -3 }]);
  });

  it('takes the greatest by step, time and value as the current metric', async () => {
    const { store, runId } = await newRun();
    const at = (value: number, timestamp: number, step: number) => ({ key: 'm', value, timestamp, step });
    await store.logBatch(runId, {
      metrics: [at(1, 5, 2), at(9, 9, 1), at(3, 4, 2), at(2, 5, 2), at(Number.NaN, 5, 2)],
    });
    expect((await store.getRun(runId)).data.metrics.get('m')).toEqual({ value: 2, timestamp: 5, step: 2 });
  });

  it('refuses another value for a param, before and in a batch, and takes the same again', async () => {
    const { store, runId } = await newRun();
    await store.logBatch(runId, { params: [['a', '1']] });
    await store.logBatch(runId, {
      params: [
        ['a', '1'],
        ['a', '1'],
      ],
    });
    expect(await message(store.logBatch(runId, { params: [['a', '2']] }))).toBe(
      'param "a" was logged as "1" and cannot become "2"\n  Changing param values is not allowed: use another name, a tag, or another run',
    );
    expect(
      await message(
        store.logBatch(runId, {
          params: [
            ['b', '1'],
            ['b', '2'],
          ],
        }),
      ),
    ).toContain('param "b"');
    expect((await store.getRun(runId)).data.params).toEqual(new Map([['a', '1']]));
  });

  it('keeps a param of any length', async () => {
    const { store, runId } = await newRun();
    const long = 'x'.repeat(300_000);
    await store.logBatch(runId, { params: [['long', long]] });
    expect((await store.getRun(runId)).data.params.get('long')).toBe(long);
  });

  it('says which names it refuses, and why', async () => {
    const { store, runId } = await newRun();
    const log = (key: string) => message(store.logBatch(runId, { params: [[key, '1']] }));
    expect(await log('a[0]')).toBe(
      'invalid name "a[0]" of a param\n  allowed: letters, digits, underscore, dash, period, space, colon and slash',
    );
    for (const key of ['../x', 'a/../b', '/a', 'a/', 'a//b', '.', './a', 'a/.'])
      expect(await log(key)).toContain('a name is kept as a path below the run');
    expect(await log('k'.repeat(251))).toContain('has 251 characters\n  at most 250 are allowed');
    expect(await log('中'.repeat(90))).toContain('one part of a path has at most 255 bytes');
    for (const key of ['', 'a\0b', 'a\nb', 'a\\b']) expect(await log(key)).toContain('invalid name');
    await store.logBatch(runId, { params: [['a', '1']] });
    expect(await log('a/b')).toContain('name "a/b" of a param clashes with another one');
    await store.logBatch(runId, { params: [['c/d', '1']] });
    expect(await log('c')).toContain('name "c" of a param clashes');
    expect((await store.getRun(runId)).data.params).toEqual(
      new Map([
        ['a', '1'],
        ['c/d', '1'],
      ]),
    );
  });

  it('stores any name or refuses it, and writes nothing outside the run', async () => {
    const { store, folder, runId, runFolder } = await newRun();
    const outside = () =>
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((p) => !join(folder, p).startsWith(runFolder))
        .sort();
    const before = outside();
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom('a', '..', '.', '/', '\0', '\\', 'é', ' ', '~', 'b'), { maxLength: 12 })
        .map((p) => p.join('')),
    );
    await fc.assert(
      fc.asyncProperty(key, async (name) => {
        const told = await message(store.logBatch(runId, { tags: [[name, 'v']] }));
        if (told === 'no error') expect((await store.getRun(runId)).data.tags.get(name)).toBe('v');
        expect(outside()).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('does not write through links out of the store', async () => {
    const { store, folder, experimentId, runId, runFolder } = await newRun();
    const outside = newFolder();
    symlinkSync(outside, join(runFolder, 'tags/out'));
    expect(await message(store.logBatch(runId, { tags: [['out/x', '1']] }))).toContain(
      'a link out of the store',
    );
    symlinkSync(join(outside, 'm'), join(runFolder, 'metrics/m'));
    expect(
      await message(store.logBatch(runId, { metrics: [{ key: 'm', value: 1, timestamp: 1, step: 0 }] })),
    ).toContain('is a link');
    symlinkSync(outside, join(runFolder, 'artifacts/out'));
    const artifacts = await store.artifacts(runId);
    expect(await message(artifacts.write('out/x', 'x'))).toContain('is a link out of the run');
    expect(await message(artifacts.read('out'))).toBe('no artifact "out" in the run');
    expect(await artifacts.list()).toEqual([]);
    const other = '0123456789abcdef0123456789abcdef';
    renameSync(runFolder, join(outside, other));
    symlinkSync(join(outside, other), join(folder, experimentId, other));
    const fresh = new FileStore('', folder, Date.now);
    expect(await message(fresh.logBatch(other, { params: [['p', '1']] }))).toContain('link out of the store');
    expect(readdirSync(outside)).toEqual([other]);
  });

  it('mends a file that a killed writer left with half a line', async () => {
    const { store, runId, runFolder } = await newRun();
    const log = (s: FileStore, step: number) =>
      s.logBatch(runId, { metrics: [{ key: 'm', value: 0.5, timestamp: 1, step }] });
    await log(store, 0);
    await log(store, 1);
    await store.close();
    appendFileSync(join(runFolder, 'metrics/m'), '17000');
    await log(store, 2);
    expect(readFileSync(join(runFolder, 'metrics/m'), 'utf8')).toBe('1 0.5 0\n1 0.5 1\n1 0.5 2\n');
    await store.close();
    writeFileSync(join(runFolder, 'metrics/m'), '1 0.5 7');
    await log(store, 8);
    expect((await store.getMetricHistory(runId, 'm')).map((p) => p.step)).toEqual([7, 8]);
  });

  it('deletes and restores runs and experiments, whose names stay taken', async () => {
    const { store, folder, experimentId, runId } = await newRun();
    await store.deleteRun(runId);
    expect((await store.searchRuns([experimentId])).items).toEqual([]);
    expect((await store.searchRuns([experimentId], { view: 'DELETED_ONLY' })).items).toHaveLength(1);
    expect(await message(store.logBatch(runId, { tags: [['a', 'b']] }))).toContain('is deleted');
    await store.restoreRun(runId);
    await store.deleteExperiment(experimentId);
    expect(existsSync(join(folder, '.trash', experimentId, runId))).toBe(true);
    expect((await store.getRun(runId)).info.lifecycleStage).toBe('deleted');
    expect(await message(store.createExperiment('e'))).toContain('it is deleted: restore it');
    await store.restoreExperiment(experimentId);
    expect((await store.getRun(runId)).info.lifecycleStage).toBe('active');
    await store.renameExperiment(experimentId, 'f');
    expect(await store.createExperiment('e')).not.toBe(experimentId);
    expect(await message(store.createExperiment('f'))).toContain('experiment "f" exists');
    expect(await message(store.deleteExperiment('0'))).toContain('"Default" cannot be deleted');
  });

  it('finds artifacts where the store is now, after it was moved', async () => {
    const { store, folder, runId } = await newRun();
    await (await store.artifacts(runId)).write('a/b.txt', 'hello');
    await store.close();
    const moved = join(newFolder(), 'else where');
    renameSync(folder, moved);
    const { store: again } = newStore(moved);
    const artifacts = await again.artifacts(runId);
    expect(Buffer.from(await artifacts.read('a/b.txt')).toString()).toBe('hello');
    expect(await artifacts.list()).toEqual([{ path: 'a', isFolder: true, size: null }]);
    expect(await artifacts.list('a')).toEqual([{ path: 'a/b.txt', isFolder: false, size: 5 }]);
    expect(await artifacts.list('a/b.txt')).toEqual([]);
  });

  it('sees at once what others write', async () => {
    const { store, folder, experimentId, runId, runFolder } = await newRun();
    const { store: other } = newStore(folder);
    const see = async () => (await other.searchRuns([experimentId])).items[0]!;
    await see();
    await store.logBatch(runId, {
      metrics: [{ key: 'm', value: 1, timestamp: 1, step: 0 }],
      params: [['p/q', '1']],
      tags: [['t', '1']],
    });
    expect((await see()).data.params.get('p/q')).toBe('1');
    writeFileSync(join(runFolder, 'tags/t'), '2');
    appendFileSync(join(runFolder, 'metrics/m'), '1 7.0 1\n');
    expect((await see()).data.tags.get('t')).toBe('2');
    expect((await see()).data.metrics.get('m')?.value).toBe(7);
    await store.updateRun(runId, { status: 'FINISHED', endTime: 9, runName: 'new' });
    expect((await see()).info).toMatchObject({ status: 'FINISHED', endTime: 9, runName: 'new' });
  });

  it('reads what is odd or incomplete without failing on the rest', async () => {
    const { store, folder, experimentId, runId, runFolder } = await newRun();
    mkdirSync(join(folder, 'stray'));
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, experimentId, 'halfmade'));
    mkdirSync(join(folder, experimentId, 'empty'));
    writeFileSync(join(folder, experimentId, 'empty/meta.yaml'), '');
    mkdirSync(join(folder, experimentId, 'bare'));
    writeFileSync(
      join(folder, experimentId, 'bare/meta.yaml'),
      `experiment_id: '${experimentId}'\nstart_time: 1\n`,
    );
    for (const [name, text] of [
      ['empty', ''],
      ['blank', '\n\n'],
      ['bad', 'x y z\n1 2.5 3\n'],
      ['two', '5 1.5'],
    ] as const)
      writeFileSync(join(runFolder, 'metrics', name), text);
    const { items } = await store.searchRuns([experimentId]);
    expect(items.map((r) => r.info.runId)).toEqual([runId, 'bare']);
    expect(items[1]!.info).toMatchObject({ status: 'RUNNING', lifecycleStage: 'active', runName: '' });
    expect([...items[0]!.data.metrics]).toEqual([
      ['bad', { timestamp: 1, value: 2.5, step: 3 }],
      ['two', { timestamp: 5, value: 1.5, step: 0 }],
    ]);
  });

  it('reads a store that may not be written', async () => {
    const { store, folder, experimentId, runId } = await newRun();
    await store.close();
    const copy = join(newFolder(), 'copy');
    cpSync(folder, copy, { recursive: true });
    chmodSync(copy, 0o555);
    const { store: reader } = newStore(copy);
    expect((await reader.searchRuns([experimentId])).items[0]!.info.runId).toBe(runId);
    expect((await reader.searchExperiments()).items.map((e) => e.name).sort()).toEqual(['Default', 'e']);
    chmodSync(copy, 0o755);
  });

  it('gives one experiment to several that make it at once', async () => {
    const folder = join(newFolder(), 'mlruns');
    const stores = Array.from({ length: 4 }, () => newStore(folder).store);
    const results = await Promise.allSettled(stores.map((s) => s.createExperiment('same')));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect((await stores[0]!.searchExperiments({ filter: "name = 'same'" })).items).toHaveLength(1);
  });
});
