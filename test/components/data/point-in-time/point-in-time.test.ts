import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime } from '../../../../components/core/dates.ts';
import { CacheStore } from '../../../../components/data/cache/cache-store.ts';
import { openCachedData } from '../../../../components/data/cache/cached-provider.ts';
import { fingerprintOf } from '../../../../components/data/fingerprint.ts';
import { diffFingerprints } from '../../../../components/data/fingerprint-diff.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import { importPit } from '../../../../components/data/import/import-pit.ts';
import { pitBytes } from '../../../../components/data/point-in-time/write-pit.ts';
import type { DataProvider } from '../../../../components/data/provider.ts';
import { readAgain } from '../../../../components/data/read-again.ts';
import { cutFolder } from '../../../../runner/leaks/cut-folder.ts';
import { prices, TestMarket } from '../market.ts';

// a.csv through dump_pit.py of qlib (scripts/), expressions through D.features of qlib 0.9.7: changes of the value, by day
const csv = `date,period,value,field
2019-10-28,201903,0.5,roe
2020-01-06,201902,0.25,roe
2020-01-13,201904,0.75,roe
2020-01-13,201903,,roe
2020-01-18,201904,0.875,roe
2020-01-22,201904,-1.5,roe
2020-01-27,202001,0.1,roe
`;
const dumped = {
  data: '34173401af140300000000000000e03f3c000000aa3a3401ae140300000000000000d03fffffffffb13a3401b0140300000000000000e83f50000000b13a3401af140300000000000000f87fffffffffb63a3401b0140300000000000000ec3f64000000ba3a3401b0140300000000000000f8bfffffffffbf3a340111150300000000a09999b93fffffffff',
  index: 'e3070000ffffffff14000000000000002800000078000000ffffffffffffffffffffffff',
};
const golden: Record<string, string> = {
  'P($$roe_q)': '01-01 0.5, 01-13 0.75, 01-20 0.875, 01-22 -1.5, 01-27 0.1',
  'P(Mean($$roe_q, 3))': '01-01 0.5, 01-06 0.375, 01-13 0.5, 01-20 0.5625, 01-22 -0.625, 01-27 -0.7',
  'P(Ref($$roe_q, 1))': '01-01 NaN, 01-06 0.25, 01-13 NaN, 01-27 -1.5',
  'P($$roe_q - Ref($$roe_q, 2))': '01-01 NaN, 01-13 0.5, 01-20 0.625, 01-22 -1.75, 01-27 NaN',
  'PRef($$roe_q, 201903)': '01-01 0.5, 01-13 NaN',
  'P($$roe_q > 0.2)': '01-01 1, 01-22 0',
};

const market = new TestMarket(24, {
  A: { close: { start: 0, values: prices(1, 24) } },
  B: { close: { start: 0, values: prices(2, 24) } },
});
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-pit-'));
  writeFileSync(join(folder, 'a.csv'), csv);
  await importPit(pit(join(folder, 'a.csv'), market.folder));
});
afterAll(() => {
  market.remove();
  rmSync(folder, { recursive: true, force: true });
});
const pit = (from: string, to: string, more = {}) => ({
  ...{
    source: from,
    folder: to,
    update: false,
    overwrite: false,
    isQuarterly: true,
    renamed: {},
    delimiter: null,
  },
  ...more,
});
const request = (expression: string, instruments: string[] = ['A']) => ({
  ...{ instruments, start: null, end: null },
  fields: [{ group: null, name: 'x', expression }],
});
async function changes(data: DataProvider, expression: string): Promise<string> {
  const { index, columns } = await data.features(request(expression));
  const texts = Array.from(columns[0]!.values, (v) => String(Number(v.toPrecision(7))));
  return texts
    .flatMap((text, i) => (text === texts[i - 1] ? [] : [`${formatTime(index.times[i]!).slice(5)} ${text}`]))
    .join(', ');
}
const messageOf = (run: () => Promise<unknown>) =>
  run().then(
    () => '',
    (error: Error) => error.message,
  );

describe('P and PRef', () => {
  it.each(Object.entries(golden))('%s is what qlib makes of it', async (expression, want) => {
    expect(await changes(openData(market.folder), expression)).toBe(want);
  });

  it('have no rows for an instrument without the field, and NaN beside others', async () => {
    const warnings: string[] = [];
    const log = { info() {}, metric() {}, progress() {}, warn: (text: string) => void warnings.push(text) };
    const data = openData(market.folder, { log });
    expect((await data.features(request('P($$roe_q)', ['B']))).length).toBe(0);
    const both = await data.features(request('$close + P($$roe_q)', ['A', 'B']));
    expect(both.length).toBe(48);
    expect(both.columns[0]!.values.filter((v) => !Number.isNaN(v)).length).toBeGreaterThan(15);
    await data.features(request('P($$roi_q)', ['A']));
    expect(warnings).toEqual([
      'field $$roe_q has no data for any instrument: its values are NaN',
      'field $$roe_q has no data for 1 of 2 instruments: B',
      'field $$roi_q has no data for any instrument: its values are NaN; did you mean $$roe_q?',
    ]);
  });

  it.each([
    ['P(Ref($$roe_q, -1))', /P cannot read periods to come/],
    ['P($$roe)', /ends in _q \(quarterly\) or _a \(yearly\)/],
    ['P($close)', /reads point-in-time fields/],
    ['$$roe_q', /a point-in-time field has several values a day/],
    ['PRef($$roe_q, 2019.5)', /period of PRef must be an integer/],
  ])('refuse %s', async (expression, message) => {
    expect(await messageOf(() => openData(market.folder).features(request(expression)))).toMatch(message);
  });

  it.each([
    ['data', (b: Uint8Array) => b.slice(0, 30), /has 30 bytes, which is no multiple of 20: truncated/],
    ['index', (b: Uint8Array) => b.slice(0, 3), /has 3 bytes; it holds a year and places/],
    ['index', (b: Uint8Array) => b.slice(0, 8), /has no place for the period 201903/],
    ['data', (b: Uint8Array) => swap(b, 0, 9), /has the date \d+ behind \d+: records go by date/],
    ['data', (b: Uint8Array) => swap(b, 4, 0), /has the period \d+, which is no quarter/],
    ['data', (b: Uint8Array) => swap(b, 16, 7), /points to byte 7, where no record of 7 begins/],
    ['data', (b: Uint8Array) => swap(b, 36, 0), /has a revision of record 1 in front of it/],
  ])('name a broken %s file', async (ending, change, message) => {
    const copy = join(folder, 'broken');
    cpSync(market.folder, copy, { recursive: true });
    const file = join(copy, 'financial/a', `roe_q.${ending}`);
    writeFileSync(file, change(new Uint8Array(readFileSync(file))));
    const told = await messageOf(() => openData(copy).features(request('P($$roe_q)')));
    expect(told).toContain(`A $$roe_q: ${file}`);
    expect(told).toMatch(message);
    rmSync(copy, { recursive: true });
  });

  it('are kept in the cache until the files change, and count in the fingerprint', async () => {
    const copy = join(folder, 'cached');
    cpSync(market.folder, copy, { recursive: true });
    const store = new CacheStore(join(folder, 'cache'));
    const open = () => openCachedData(copy, { store, keeps: true, now: Date.now, minValues: 1 });
    const first = open();
    expect(await changes(first, 'P($$roe_q)')).toBe(golden['P($$roe_q)']);
    const again = open();
    expect(await changes(again, 'P($$roe_q)')).toBe(golden['P($$roe_q)']);
    expect(store.list()).toHaveLength(1);
    const before = await fingerprintOf(again.reads!());
    expect(before.root).toBe((await fingerprintOf(first.reads!())).root);

    writeFileSync(join(folder, 'later.csv'), 'date,period,value,field,symbol\n2020-01-30,202001,9,roe,A\n');
    await importPit(pit(join(folder, 'later.csv'), copy, { update: true }));
    const after = open();
    expect(await changes(after, 'P($$roe_q)')).toBe(`${golden['P($$roe_q)']}, 01-30 9`);
    expect((await fingerprintOf(after.reads!())).root).not.toBe(before.root);
    // what was published since does not count when the older data is looked at again
    const now = await readAgain(before);
    expect(diffFingerprints(before, now.fingerprint)).toEqual({ calendars: [], markets: [], fields: [] });
    const earlier = `${csv.replace('0.25', '0.26')}`;
    writeFileSync(join(folder, 'a.csv'), earlier);
    await importPit(pit(join(folder, 'a.csv'), copy, { overwrite: true }));
    expect(diffFingerprints(before, (await readAgain(before)).fingerprint).fields).toEqual([
      {
        ...{ freq: 'pit', field: '$$roe_q' },
        changes: [expect.objectContaining({ instrument: 'A', kind: 'values', years: ['2020'] })],
      },
    ]);
  });

  it('know nothing that was published after a cut of the folder', async () => {
    const cut = join(folder, 'cut');
    cutFolder(market.folder, cut, Date.UTC(2020, 0, 20));
    expect(await changes(openData(cut), 'P($$roe_q)')).toBe('01-01 0.5, 01-13 0.75, 01-20 0.875');
    expect(await changes(openData(cut), 'P(Mean($$roe_q, 3))')).toBe(
      '01-01 0.5, 01-06 0.375, 01-13 0.5, 01-20 0.5625',
    );
  });
});

describe('importPit', () => {
  it('writes the bytes of dump_pit.py', () => {
    const file = (ending: string) => readFileSync(join(market.folder, 'financial/a', `roe_q.${ending}`));
    expect(file('data').toString('hex')).toBe(dumped.data);
    expect(file('index').toString('hex')).toBe(dumped.index);
  });

  it('keeps what is there, unless it is told to add or to replace', async () => {
    const file = join(folder, 'again.csv');
    writeFileSync(file, 'date,period,value,field,symbol\n20200201,202001,3,roe,A\n20200101,201904,4,eps,b\n');
    expect(await messageOf(() => importPit(pit(file, market.folder)))).toMatch(
      /^A has the field \$\$roe_q already/,
    );
    const copy = join(folder, 'grown');
    cpSync(market.folder, copy, { recursive: true });
    expect(await importPit(pit(file, copy, { update: true }))).toEqual({
      ...{ files: 1, instruments: 2, fields: ['eps_q', 'roe_q'], records: 2 },
    });
    const records = csv
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(','))
      .map(([day, period, value]) => ({
        ...{ date: Number(day!.replaceAll('-', '')), period: Number(period) },
        value: value === '' ? Number.NaN : Math.fround(Number(value)),
      }));
    const want = pitBytes([...records, { date: 20200201, period: 202001, value: 3 }], true);
    expect(readFileSync(join(copy, 'financial/a/roe_q.data'))).toEqual(Buffer.from(want.data));
  });

  it.each([
    ['date,period,value\n', /:1: no column "field"/],
    ['date,period,value,field\n2020-13-01,201904,1,roe\n', /:2: "2020-13-01" is no day/],
    ['date,period,value,field\n2020-01-01,2019,1,roe\n', /:2: "2019" is no quarter/],
    ['date,period,value,field\n2020-01-01,201905,1,roe\n', /:2: "201905" is no quarter/],
    ['date,period,value,field\n2020-01-01,201904,x,roe\n', /:2: "x" is no number/],
    ['date,period,value,field\n2020-01-01,201904,1,../roe\n', /:2: "..\/roe" cannot name a field/],
    ['date,period,value,field\n2020-01-01,201904,1\n', /:2: 3 columns, but the header has 4/],
    ['date,period,value,field\n', /has no rows to import/],
    ['', /is empty/],
  ])('names file and line of %j', async (text, message) => {
    const file = join(folder, 'b.csv');
    writeFileSync(file, text);
    expect(await messageOf(() => importPit(pit(file, join(folder, 'none'))))).toMatch(message);
  });
});

function swap(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at + (at % 20 === 0 ? 3 : 0)] = value;
  if (at % 20 === 16) copy.fill(0, at + 1, at + 4);
  return copy;
}
