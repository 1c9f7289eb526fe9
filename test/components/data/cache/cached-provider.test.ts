import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../../components/core/log.ts';
import type { Panel } from '../../../../components/core/panel.ts';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { CacheStore } from '../../../../components/data/cache/cache-store.ts';
import { openCachedData } from '../../../../components/data/cache/cached-provider.ts';
import { writeDemoMarket } from '../../../../components/data/demo/write-market.ts';
import { fingerprintOf } from '../../../../components/data/fingerprint.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import type { FeatureRequest } from '../../../../components/data/provider.ts';

const pool = new WorkerPool(2);
let folder: string;
let market: string;
let store: CacheStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-cache-'));
  market = join(folder, 'market');
  writeDemoMarket(market, { instruments: 10, years: 2, seed: 3 });
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  store = new CacheStore(join(folder, 'cache'));
});

const request: FeatureRequest = {
  instruments: 'all',
  fields: ['$close', 'Mean($close,5)', '$absent'].map((expression) => ({
    group: 'feature',
    name: expression,
    expression,
  })),
  start: null,
  end: null,
};

function open(path = market, { keeps = true, told = [] as string[] } = {}) {
  const log: Log = { info() {}, metric() {}, progress() {}, warn: (text) => void told.push(text) };
  return openCachedData(path, { pool, store, keeps, log, now: Date.now, minValues: 1 });
}

const entries = () => store.list();
const valuesOf = ({ index, columns }: Panel) => ({
  times: [...index.times],
  offsets: [...index.offsets],
  codes: [...index.codes],
  instruments: index.instruments,
  columns: columns.map((c) => [...c.values]),
});

describe('openCachedData', () => {
  it('gives what was computed, with its warnings and what was read', async () => {
    const plain = openData(market, { pool });
    const want = valuesOf(await plain.features(request));
    const told: string[] = [];
    expect(valuesOf(await open(market, { told }).features(request))).toEqual(want);
    expect(entries()).toHaveLength(1);
    const again: string[] = [];
    const second = open(market, { told: again });
    expect(valuesOf(await second.features(request))).toEqual(want);
    expect(again).toEqual(told);
    expect(told.join()).toMatch(/\$absent/);
    expect((await fingerprintOf(second.reads!())).root).toBe((await fingerprintOf(plain.reads!())).root);
  });

  it('hands out storage of its own', async () => {
    await open().features(request);
    const data = open();
    const first = await data.features(request);
    first.columns[0]!.values.fill(0);
    const second = await data.features(request);
    expect(second.columns[0]!.values[0]).not.toBe(0);
  });

  it('knows the same contents elsewhere, and other contents in the same place', async () => {
    const copy = join(folder, 'copy');
    cpSync(market, copy, { recursive: true });
    const before = valuesOf(await open(copy).features(request));
    await open().features(request);
    expect(entries()).toHaveLength(1);
    const name = readdirSync(join(copy, 'features'))[0]!;
    const file = join(copy, 'features', name, 'close.day.bin');
    const bytes = new Uint8Array(readFileSync(file));
    new DataView(bytes.buffer).setFloat32(40, 1234.5, true);
    writeFileSync(file, bytes);
    const after = valuesOf(await open(copy).features(request));
    expect(after.columns).not.toEqual(before.columns);
    expect(after).toEqual(valuesOf(await openData(copy, { pool }).features(request)));
    expect(entries()).toHaveLength(2);
    // an older time does not hide a change
    new DataView(bytes.buffer).setFloat32(40, 99, true);
    writeFileSync(file, bytes);
    utimesSync(file, new Date(0), new Date(0));
    expect(valuesOf(await open(copy).features(request))).not.toEqual(after);
    rmSync(copy, { recursive: true });
  });

  it.each(['columns.bin', 'index.bin', 'manifest.json'])(
    'computes again where %s is damaged',
    async (part) => {
      const want = valuesOf(await open().features(request));
      const file = join(entries()[0]!.folder, part);
      const bytes = new Uint8Array(readFileSync(file));
      bytes[100]! ^= 1;
      writeFileSync(file, bytes);
      const told: string[] = [];
      expect(valuesOf(await open(market, { told }).features(request))).toEqual(want);
      expect(told).toContain('kept features are damaged: they are computed again');
      writeFileSync(join(entries()[0]!.folder, part), bytes.subarray(0, 50));
      expect(valuesOf(await open().features(request))).toEqual(want);
    },
  );

  it('only reads where it is not to keep', async () => {
    await open(market, { keeps: false }).features(request);
    expect(entries()).toHaveLength(0);
  });

  it('tells days, instruments and expressions apart', async () => {
    const data = open();
    await data.features(request);
    await data.features({ ...request, end: Date.UTC(2019, 5, 1) });
    await data.features({ ...request, instruments: 'demo50' });
    await data.features({ ...request, fields: request.fields.slice(1) });
    expect(entries().length).toBeGreaterThanOrEqual(3);
  });

  it('computes once what several need at once', async () => {
    const commits = vi.spyOn(store, 'commit');
    const panels = await Promise.all([1, 2, 3].map(() => open().features(request)));
    expect(commits).toHaveBeenCalledTimes(1);
    const want = valuesOf(await openData(market, { pool }).features(request));
    for (const panel of panels) expect(valuesOf(panel)).toEqual(want);
  });
});

describe('CacheStore', () => {
  it('removes the longest unused entries first', async () => {
    const data = open();
    await data.features(request);
    await data.features({ ...request, fields: request.fields.slice(1) });
    const [a, b] = entries();
    utimesSync(join(b!.folder, 'manifest.json'), new Date(1000), new Date(1000));
    store.prune(a!.bytes);
    expect(entries().map((e) => e.name)).toEqual([a!.name]);
  });

  it('keeps nothing that is larger than allowed, and clears what a dead process left', async () => {
    store = new CacheStore(join(folder, 'cache'), 10);
    await open().features(request);
    expect(entries()).toHaveLength(0);
    expect(store.begin(1)).toBeDefined();
    const dead = join(folder, 'cache/features/new-999999999-0');
    cpSync(join(market, 'calendars'), dead, { recursive: true });
    store.prune(10);
    expect(readdirSync(join(folder, 'cache/features')).filter((n) => n.includes('999999999'))).toEqual([]);
  });
});
