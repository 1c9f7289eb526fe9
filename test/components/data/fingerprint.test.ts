import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDemoMarket } from '../../../components/data/demo/write-market.ts';
import { type Fingerprint, fingerprintOf } from '../../../components/data/fingerprint.ts';
import { diffFingerprints, isSameData } from '../../../components/data/fingerprint-diff.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import { readAgain } from '../../../components/data/read-again.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-print-'));
const market = join(folder, 'market');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The fingerprint of a run that reads two fields of all instruments. */
async function printOf(path: string): Promise<Fingerprint> {
  const data = openData(path);
  const fields = ['close', 'volume'].map((name) => ({ group: null, name, expression: `$${name}` }));
  await data.features({ instruments: 'all', fields, start: null, end: null });
  return fingerprintOf(data.reads!());
}

let copies = 0;
function copy(): string {
  const path = join(folder, `copy${copies++}`);
  cpSync(market, path, { recursive: true });
  return path;
}

/** Sets the i-th value of a bin. */
function setValue(path: string, i: number, value: number): void {
  const bytes = readFileSync(path);
  bytes.writeFloatLE(value, 4 * (i + 1));
  writeFileSync(path, bytes);
}

describe('a fingerprint', () => {
  let before: Fingerprint;
  beforeAll(async () => {
    writeDemoMarket(market, { instruments: 12, years: 2 });
    before = await printOf(market);
  });

  it('covers what was read, by field, instrument and year, and nothing else', () => {
    const [day] = before.frequencies;
    expect(Object.keys(day!.fields)).toEqual(['close', 'volume']);
    expect(Object.keys(day!.fields['close']!.instruments)).toHaveLength(12);
    const leaves = Object.values(day!.fields['close']!.instruments).map(({ years }) => years);
    expect(leaves.some((years) => '2022' in years && '2023' in years)).toBe(true);
    expect(before.markets.map(({ name }) => name)).toEqual(['all']);
  });

  it('is the same wherever the data lies', async () => {
    const after = await printOf(copy());
    expect(after.root).toBe(before.root);
    expect(isSameData(diffFingerprints(before, after))).toBe(true);
  });

  it('tells the field, the instrument and the year of a changed value', async () => {
    const path = copy();
    const name = Object.entries(before.frequencies[0]!.fields['close']!.instruments).find(
      ([, { count }]) => count > 300,
    )![0];
    setValue(join(path, 'features', name.toLowerCase(), 'close.day.bin'), 2, 1.25);
    const { fingerprint } = await readAgain(before, path);
    expect(fingerprint.root).not.toBe(before.root);
    const { fields, calendars, markets } = diffFingerprints(before, fingerprint);
    expect([calendars, markets]).toEqual([[], []]);
    expect(
      fields.map(({ field, changes }) => [field, changes.map((c) => [c.instrument, c.kind, c.years])]),
    ).toEqual([['close', [[name, 'values', ['2022']]]]]);
  });

  it('does not take days that came later for changes', async () => {
    const path = copy();
    const [name] = Object.keys(before.frequencies[0]!.fields['close']!.instruments);
    appendFileSync(join(path, 'calendars', 'day.txt'), '2024-01-02\n');
    for (const other of Object.keys(before.frequencies[0]!.fields['close']!.instruments)) {
      if (other !== name) continue;
      appendFileSync(
        join(path, 'features', other.toLowerCase(), 'close.day.bin'),
        Buffer.from([0, 0, 128, 63]),
      );
    }
    const { fingerprint, longer } = await readAgain(before, path);
    const { fields, calendars } = diffFingerprints(before, fingerprint);
    expect(fields).toEqual([]);
    expect(calendars).toEqual([{ freq: 'day', added: ['2024-01-02'], removed: [] }]);
    expect(longer).toEqual([{ field: 'close', instrument: name, end: '2024-01-02' }]);
  });

  it('tells who joined and left a market, whose days moved, and whose bins are gone', async () => {
    const path = copy();
    const file = join(path, 'instruments', 'all.txt');
    const [first, second, ...rest] = readFileSync(file, 'utf8').trim().split('\n');
    const moved = second!.replace(/\t\d{4}-\d\d-\d\d$/, '\t2023-06-30');
    writeFileSync(file, `${[moved, ...rest, 'NEWCO\t2022-01-03\t2023-12-29'].join('\n')}\n`);
    const left = first!.split('\t')[0]!;
    rmSync(join(path, 'features', left.toLowerCase(), 'volume.day.bin'));
    const { fingerprint } = await readAgain(before, path);
    const { markets, fields } = diffFingerprints(before, fingerprint);
    expect(markets).toEqual([
      { market: 'all', joined: ['NEWCO'], left: [left], moved: [second!.split('\t')[0]] },
    ]);
    expect(fields.map(({ field, changes }) => [field, changes.map((c) => [c.instrument, c.kind])])).toEqual([
      ['volume', [[left, 'gone']]],
    ]);
  });
});
