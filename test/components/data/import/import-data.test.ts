import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserErrors } from '../../../../components/core/errors.ts';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { exportData } from '../../../../components/data/export/export-data.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import { type ImportOptions, importData } from '../../../../components/data/import/import-data.ts';
import { pandasFloat } from '../../../../components/data/import/parse-float.ts';

const pool = new WorkerPool(2);
afterAll(() => pool.close());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-import-'));
  mkdirSync(join(folder, 'csv'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, 'csv', name), text);

function run(options: Partial<ImportOptions> = {}, warnings: string[] = []) {
  return importData({
    source: join(folder, 'csv'),
    folder: join(folder, 'out'),
    freq: 'day',
    fields: null,
    excluded: [],
    dateField: null,
    symbolField: null,
    renamed: {},
    factor: null,
    delimiter: null,
    duplicates: 'error',
    update: false,
    overwrite: false,
    pool,
    warn: (text) => void warnings.push(text),
    ...options,
  });
}

function bin(name: string): number[] {
  const bytes = new Uint8Array(readFileSync(join(folder, 'out', 'features', name)));
  return [...new Float32Array(bytes.buffer)];
}
const text = (name: string) => readFileSync(join(folder, 'out', name), 'utf8');

async function messages(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof UserErrors || error instanceof Error) return error.message;
  throw new Error('no error');
}

describe('importData', () => {
  it('aligns instruments to the days of all of them', async () => {
    put('a.csv', 'date,close,volume\n2020-01-02,1.5,10\n2020-01-06,2.5,20\n');
    put('b.csv.gz', gzipSync('date,close,volume\n2020-01-03,7,1\n'));
    const made = await run();
    expect(made).toMatchObject({ instruments: 2, times: 3, fields: ['close', 'volume'] });
    expect(text('calendars/day.txt')).toBe('2020-01-02\n2020-01-03\n2020-01-06\n');
    expect(text('instruments/all.txt')).toBe('A\t2020-01-02\t2020-01-06\nB\t2020-01-03\t2020-01-03\n');
    expect(bin('a/close.day.bin')).toEqual([0, 1.5, Number.NaN, 2.5]);
    expect(bin('b/close.day.bin')).toEqual([1, 7]);
    expect(readdirSync(folder).sort()).toEqual(['csv', 'out']);
  });

  it('adjusts by a factor of two columns, newest day first', async () => {
    put(
      'a.csv',
      'timestamp,close,adjusted_close,open,volume\n2020-01-03,30,15,28,100\n2020-01-02,20,10,24,50\n',
    );
    await run({ factor: { numerator: 'adjusted_close', denominator: 'close' } });
    expect(readdirSync(join(folder, 'out/features/a')).sort()).toEqual(
      ['change', 'close', 'factor', 'open', 'volume'].map((f) => `${f}.day.bin`),
    );
    expect(bin('a/close.day.bin')).toEqual([0, 10, 15]);
    expect(bin('a/open.day.bin')).toEqual([0, 12, 14]);
    expect(bin('a/volume.day.bin')).toEqual([0, 100, 200]);
    expect(bin('a/factor.day.bin')).toEqual([0, 0.5, 0.5]);
    expect(bin('a/change.day.bin')).toEqual([0, Number.NaN, 0.5]);
  });

  it('reads one file of all instruments, with other names of columns', async () => {
    put('all.csv', 'Ticker;Day;PX\nmsft;20200102;1\naapl;20200102;2\nmsft;20200103;3\n');
    await run({ symbolField: 'ticker', dateField: 'day', renamed: { px: 'close' } });
    expect(bin('msft/close.day.bin')).toEqual([0, 1, 3]);
    expect(bin('aapl/close.day.bin')).toEqual([0, 2]);
  });

  it('reads minutes', async () => {
    put('a.csv', 'date,close\n2020-01-02 09:31:00,1\n2020-01-02 09:32:00,2\n');
    await run({ freq: '1min' });
    expect(text('calendars/1min.txt')).toBe('2020-01-02 09:31:00\n2020-01-02 09:32:00\n');
    expect(bin('a/close.1min.bin')).toEqual([0, 1, 2]);
  });

  it.each([
    ['a word', 'date,close\n2020-01-02,1\n2020-01-03,n/a\n', /A\.csv:3: column "close": "n\/a" is no number/],
    ['thousands', 'date,close\n2020-01-02,"1,000"\n', /:2: column "close": "1,000" .*\n.*thousands/],
    ['another date', 'date,close\n01/03/2018,1\n', /:2: column "date": "01\/03\/2018" is no date/],
    ['no such day', 'date,close\n2019-02-29,1\n', /"2019-02-29" is no date/],
    ['a time of day', 'date,close\n2020-01-02 10:00:00,1\n', /time of day in daily data/],
    ['a short row', 'date,close,open\n2020-01-02,1\n', /:2: 2 columns, but the header has 3/],
    ['a long row', 'date,close\n2020-01-02,1,2,3\n', /:2: 4 columns, but the header has 2/],
    [
      'a day twice',
      'date,close\n2020-01-02,1\n2020-01-03,2\n2020-01-02,3\n',
      /:4: duplicate time 2020-01-02 .* line 2/,
    ],
    ['a header twice', 'date,close,Close\n2020-01-02,1,2\n', /"close" is there twice/],
    ['no close', 'date,cloze\n2020-01-02,1\n', /no column "close"[\s\S]*did you mean "cloze"/],
    ['no date', 'day,close\n2020-01-02,1\n', /no column "date"/],
    ['nothing', '', /is empty/],
    ['NUL bytes', `date,close\n2020-01-02,1\n${'\0'.repeat(2 << 20)}`, /:3: .*NUL bytes/],
    ['a path as symbol', 'symbol,date,close\n../../x,2020-01-02,1\n', /:2: .*invalid symbol/],
  ])('refuses %s, and leaves nothing behind', async (_, content, message) => {
    put('A.csv', content);
    put('B.csv', 'date,close\n2020-01-02,1\n');
    expect(await messages(run())).toMatch(message);
    expect(readdirSync(folder)).toEqual(['csv']);
  });

  it('keeps the first or last of a day that is there twice when told to', async () => {
    put('a.csv', 'date,close\n2020-01-02,1\n2020-01-02,3\n');
    await run({ duplicates: 'last' });
    expect(bin('a/close.day.bin')).toEqual([0, 3]);
    await run({ duplicates: 'first', overwrite: true });
    expect(bin('a/close.day.bin')).toEqual([0, 1]);
  });

  it('adds days and instruments, and keeps what is there', async () => {
    put('a.csv', 'date,close\n2020-01-02,1\n2020-01-03,2\n');
    await run();
    rmSync(join(folder, 'csv', 'a.csv'));
    put('a.csv', 'date,close\n2020-01-03,3\n2020-01-07,4\n');
    put('b.csv', 'date,close\n2020-01-06,5\n');
    const warnings: string[] = [];
    expect(await run({ update: true }, warnings)).toMatchObject({ newTimes: 2 });
    expect(bin('a/close.day.bin')).toEqual([0, 1, 2, Number.NaN, 4]);
    expect(bin('b/close.day.bin')).toEqual([2, 5]);
    expect(text('instruments/all.txt')).toBe('A\t2020-01-02\t2020-01-07\nB\t2020-01-06\t2020-01-06\n');
    expect(warnings[0]).toMatch(/A \$close of 2020-01-03 differs .* 50\.0 %/);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['calendars', 'features', 'instruments']);
  });

  it('refuses days between those that are there', async () => {
    put('a.csv', 'date,close\n2020-01-02,1\n2020-01-06,2\n');
    await run();
    put('a.csv', 'date,close\n2020-01-03,3\n');
    expect(await messages(run({ update: true }))).toMatch(/2020-01-03 is not in the calendar/);
  });

  it('does not write into a folder that holds something', async () => {
    put('a.csv', 'date,close\n2020-01-02,1\n');
    expect(await messages(run({ folder }))).toMatch(/is there and not empty/);
  });

  it('ends an update that was killed while its files were moved', async () => {
    put('a.csv', 'date,close\n2020-01-02,1\n');
    await run();
    const work = join(folder, 'out', '.import-999999999');
    mkdirSync(join(work, 'calendars'), { recursive: true });
    writeFileSync(join(work, 'calendars/day.txt'), '2020-01-02\n2020-01-03\n');
    writeFileSync(
      join(work, 'commit.json'),
      JSON.stringify({ moves: ['calendars/day.txt', 'features/a/close.day.bin'] }),
    );
    put('a.csv', 'date,close\n2020-01-03,2\n');
    expect(await run({ update: true })).toMatchObject({ newTimes: 0, times: 2 });
    expect(existsSync(work)).toBe(false);
  });

  it('reads any finite number as pandas does, however it is spelt', async () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }).map(String),
      fc.tuple(fc.nat({ max: 1e9 }), fc.nat({ max: 1e9 })).map(([a, b]) => `${a}.${b}`),
      fc.constantFrom('1.', '.5', '+2', '1e3', '-0', '0.30000000000000004', '123456789012345678.5'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (values, quoted) => {
          const start = Date.UTC(2000, 0, 1);
          const rows = values.map((v, i) => {
            const day = new Date(start + i * 86_400_000).toISOString().slice(0, 10);
            return quoted ? `"${day}", "${v}" \r\n` : `${day},${v}\n`;
          });
          put('a.csv', `date,close\n${rows.join('')}`);
          await run({ overwrite: existsSync(join(folder, 'out')) });
          expect(bin('a/close.day.bin').slice(1)).toEqual(values.map((v) => Math.fround(pandasFloat(v))));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(['csv', 'parquet'] as const)('imports what was exported as %s', async (format) => {
    put('a.csv', 'date,close,volume\n2020-01-02,0.1,10\n2020-01-06,2.123456789,\n');
    put('b.csv', 'date,close,volume\n2020-01-03,1e-7,3e8\n');
    await run();
    const before = [bin('a/close.day.bin'), bin('a/volume.day.bin'), bin('b/close.day.bin')];
    const target = join(folder, `all.${format}`);
    const data = openData(join(folder, 'out'), { pool });
    const all = { format, instruments: 'all', fields: null, start: null, end: null, freq: 'day' } as const;
    await exportData({ data, target, ...all });
    await run({ source: target, overwrite: true });
    expect([bin('a/close.day.bin'), bin('a/volume.day.bin'), bin('b/close.day.bin')]).toEqual(before);
  });
});

describe('qrun data import', () => {
  it('leaves the folder as it was, or done, when it is killed', async () => {
    for (let i = 0; i < 40; i++)
      put(
        `S${i}.csv`,
        `date,close\n${Array.from({ length: 2000 }, (_, d) => `${new Date(Date.UTC(2000, 0, 1 + d)).toISOString().slice(0, 10)},${d + i}\n`).join('')}`,
      );
    const start = (...flags: string[]) =>
      spawn(
        process.execPath,
        ['runner/bin/qrun.mjs', 'data', 'import', join(folder, 'csv'), join(folder, 'out'), ...flags],
        {
          stdio: 'ignore',
        },
      );
    for (const wait of [250, 400]) {
      const child = start();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, wait));
      child.kill('SIGKILL');
      await ended;
      if (existsSync(join(folder, 'out'))) {
        expect(readdirSync(join(folder, 'out', 'features'))).toHaveLength(40);
        rmSync(join(folder, 'out'), { recursive: true });
      }
    }
    expect(await run()).toMatchObject({ instruments: 40, times: 2000 });
    expect(readdirSync(folder).sort()).toEqual(['csv', 'out']);
  });
});
