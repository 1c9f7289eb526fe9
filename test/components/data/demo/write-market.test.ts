import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDemoMarket, writeDemoMarket } from '../../../../components/data/demo/write-market.ts';

const home = mkdtempSync(join(tmpdir(), 'qrun-demo-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function filesOf(folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as { name: string; parentPath: string }[]
  )
    .filter((entry) => /\.(bin|txt|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(folder)) hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function field(folder: string, instrument: string, name: string): { start: number; values: number[] } {
  const bytes = readFileSync(join(folder, 'features', instrument.toLowerCase(), `${name}.day.bin`));
  const values = Array.from({ length: bytes.length / 4 }, (_, k) => bytes.readFloatLE(4 * k));
  return { start: values[0]!, values: values.slice(1) };
}

const lines = (folder: string, file: string) =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

describe('the default demo market', () => {
  const folder = join(home, 'default');
  beforeAll(() => writeDemoMarket(folder));
  const names = () => lines(folder, 'instruments/all.txt').map((row) => row[0]!);

  it('is the same bytes on every machine and every version of Node', () => {
    expect(digest(folder)).toBe('0cfbcfb74d7c14cdda3d376b39df01727a7afefd651d88ab5b16b9ca855fc33c');
  });

  it('holds 120 instruments, the index apart, over 8 years', () => {
    expect(names()).toHaveLength(120);
    expect(names()).toEqual([...names()].sort());
    expect(names()).not.toContain('DEMO_INDEX');
    expect(lines(folder, 'instruments/index.txt')).toEqual([['DEMO_INDEX', '2016-01-04', '2023-12-29']]);
    expect(lines(folder, 'calendars/day.txt')).toHaveLength(2014);
    expect(field(folder, 'DEMO_INDEX', 'close').values).toHaveLength(2014);
    expect(lines(folder, 'calendars/day_future.txt').slice(2013, 2015)).toEqual([
      ['2023-12-29'],
      ['2024-01-02'],
    ]);
  });

  it('keeps low <= open, close, vwap <= high wherever there is trade', () => {
    const wrong: string[] = [];
    for (const name of names()) {
      const [open, high, low, close, vwap, volume] = ['open', 'high', 'low', 'close', 'vwap', 'volume'].map(
        (f) => field(folder, name, f).values,
      );
      close!.forEach((price, k) => {
        if (Number.isNaN(price)) return;
        const isInside = [open, close, vwap].every((p) => p![k]! >= low![k]! && p![k]! <= high![k]!);
        if (!isInside || !(volume![k]! > 0) || !(low![k]! > 0)) wrong.push(`${name} ${k}`);
      });
    }
    expect(wrong).toEqual([]);
  });

  it('has late listings, one delisting, suspended days without any value, splits and dividends', () => {
    const calendar = lines(folder, 'calendars/day.txt').map((row) => row[0]!);
    const spans = lines(folder, 'instruments/all.txt');
    expect(spans.filter((row) => row[1] !== calendar[0]).length).toBeGreaterThan(10);
    expect(spans.filter((row) => row[2] !== calendar.at(-1))).toHaveLength(1);
    let [suspended, splits, dividends, uneven] = [0, 0, 0, 0];
    for (const [name, start, end] of spans) {
      const close = field(folder, name!, 'close');
      expect(calendar[close.start]).toBe(start);
      expect(calendar[close.start + close.values.length - 1]).toBe(end);
      const factor = field(folder, name!, 'factor').values;
      for (let k = 1; k < factor.length; k++) {
        if (Number.isNaN(factor[k]!) !== Number.isNaN(close.values[k]!)) uneven++;
        if (Number.isNaN(factor[k]!)) suspended++;
        const step = factor[k]! / factor[k - 1]!;
        if (step > 1.2 || step < 0.8) splits++;
        else if (step > 1.001) dividends++;
      }
    }
    expect(uneven).toBe(0);
    expect([suspended > 500, splits > 20, dividends > 500]).toEqual([true, true, true]);
  });

  it('says in change what close did since the last day with trade', () => {
    for (const name of names().slice(0, 20)) {
      const close = field(folder, name, 'close').values;
      const change = field(folder, name, 'change').values;
      let before = Number.NaN;
      for (const [k, price] of close.entries()) {
        if (Number.isNaN(price)) expect(change[k]).toBeNaN();
        else if (!Number.isNaN(before)) expect(change[k]).toBeCloseTo(price / before - 1, 5);
        if (!Number.isNaN(price)) before = price;
      }
    }
  });

  it('chooses the fifty largest anew each year, so that some leave and come back', () => {
    const spans = lines(folder, 'instruments/demo50.txt');
    const count = (name: string) => spans.filter((row) => row[0] === name).length;
    expect(spans.some(([name]) => count(name!) > 1)).toBe(true);
    for (let year = 2016; year <= 2023; year++)
      expect(spans.filter(([, from, to]) => from! <= `${year}-01-31` && to! >= `${year}-01-10`)).toHaveLength(
        50,
      );
  });
});

describe('writeDemoMarket', () => {
  const small = { instruments: 10, years: 1, seed: 3 };

  it('replaces a demo market and leaves nothing else behind', () => {
    const folder = join(home, 'again');
    writeDemoMarket(folder, small);
    const first = digest(folder);
    writeDemoMarket(folder, { ...small, seed: 4 });
    expect(digest(folder)).not.toBe(first);
    expect(isDemoMarket(folder, small)).toBe(false);
    writeDemoMarket(folder, small);
    expect(digest(folder)).toBe(first);
    expect(isDemoMarket(folder, small)).toBe(true);
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('does not touch a folder that holds something else', () => {
    const folder = join(home, 'mine');
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'keep');
    expect(() => writeDemoMarket(folder, small)).toThrow(
      `${folder} is there and holds no demo market\n  name a new folder; only a demo market is replaced`,
    );
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  it('names what is allowed for options out of range', () => {
    expect(() => writeDemoMarket(join(home, 'no'), { instruments: 3 })).toThrow(
      'instruments is 3\n  allowed: a whole number from 10 to 20000',
    );
    expect(readdirSync(home)).not.toContain('no');
  });
});
