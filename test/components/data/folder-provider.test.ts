import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import type { Log } from '../../../components/core/log.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import { TestMarket } from './market.ts';

let market: TestMarket | undefined;
afterEach(() => market?.remove());

function opened(): TestMarket {
  const close = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
  market = new TestMarket(10, {
    AAPL: { close: { start: 0, values: close }, volume: { start: 0, values: close } },
    MSFT: { close: { start: 4, values: close.slice(4) } },
  });
  return market;
}
const ask = (expression: string, instruments: string | string[] = 'all') => ({
  instruments,
  fields: [{ group: null, name: 'x', expression }],
  start: null,
  end: null,
});
async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(market?.folder ?? '', '<data>');
    throw error;
  }
  throw new Error('accepted');
}
function recorded(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  return {
    warnings,
    log: { info() {}, warn: (message) => warnings.push(message), metric() {}, progress() {} },
  };
}

describe('openData', () => {
  it('refuses folders that are none', async () => {
    const { folder } = opened();
    expect(await messageOf(() => openData(join(folder, 'nosuch')))).toBe(
      'no data folder <data>/nosuch\n  provider_uri must name a folder with calendars, instruments and features',
    );
    expect(await messageOf(() => openData(join(folder, 'features')))).toMatch(
      /^data folder <data>\/features has no folder "calendars"/,
    );
  });

  it('finds names in either case', async () => {
    const { folder } = opened();
    renameSync(join(folder, 'features', 'aapl'), join(folder, 'features', 'AAPL'));
    renameSync(
      join(folder, 'features', 'AAPL', 'close.day.bin'),
      join(folder, 'features', 'AAPL', 'Close.day.bin'),
    );
    const panel = await openData(folder).features(ask('$CLOSE', ['AAPL', 'msft']));
    expect(panel.length).toBe(16);
    expect(panel.index.instruments).toEqual(['AAPL', 'msft']);
  });

  it('names the nearest market, and reads none outside its folder', async () => {
    const { folder } = opened();
    const data = openData(folder);
    expect(await messageOf(() => data.instruments('al'))).toBe(
      'unknown market "al"\n  did you mean "all"? <data>/instruments has all',
    );
    for (const name of ['__proto__', '../calendars/day', 'all.txt', '', '/etc/passwd', 'constructor'])
      expect(await messageOf(() => data.instruments(name))).toMatch(/^unknown market/);
    expect((await data.features(ask('$close', ['../aapl', '__proto__']))).length).toBe(0);
  });

  it('warns of instruments and fields without data', async () => {
    const { folder } = opened();
    const { log, warnings } = recorded();
    const data = openData(folder, { log });
    // twice, but told once
    for (let i = 0; i < 2; i++)
      await data.features(ask('$close + $volume + $clos', ['AAPL', 'MSFT', 'NOSUCH']));
    expect(warnings).toEqual([
      'no data for 1 of 3 instruments: NOSUCH',
      'field $volume has no data for 1 of 2 instruments: MSFT',
      'field $clos has no data for any instrument: its values are NaN; did you mean $close?',
    ]);
  });

  it('warns of fields of an instrument that cover different days, and of bins without values', async () => {
    const m = opened();
    const { log, warnings } = recorded();
    m.write('features/aapl/volume.day.bin', new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer));
    m.write('features/msft/volume.day.bin', new Uint8Array(Float32Array.of(0).buffer));
    await openData(m.folder, { log }).features(ask('$close + $volume', ['AAPL', 'MSFT']));
    expect(warnings).toEqual([
      'the fields of 1 of 2 instruments cover different days: AAPL',
      'field $volume has no data for 1 of 2 instruments: MSFT',
    ]);
  });

  it('tells a file in place of an instrument', async () => {
    const m = opened();
    rmSync(join(m.folder, 'features/aapl'), { recursive: true });
    m.write('features/aapl', 'x');
    expect(await messageOf(() => openData(m.folder).features(ask('$close')))).toMatch(
      /features\/aapl is a file, not a folder of bins$/,
    );
  });

  const brokenBins: readonly (readonly [string, (m: TestMarket) => void, RegExp])[] = [
    [
      'cut off',
      (m) => m.write('features/aapl/close.day.bin', new Uint8Array(9)),
      /^AAPL \$close: .* has 9 bytes, which is no multiple of 4: truncated\?/,
    ],
    ['empty', (m) => m.write('features/aapl/close.day.bin', ''), /^AAPL \$close: .* is empty \(0 bytes\)/],
    [
      'with a start that is no number',
      (m) => bin(m, [Number.NaN, 1, 2]),
      /has the start index NaN, which is no place in the calendar/,
    ],
    ['with a fraction as start', (m) => bin(m, [0.5, 1, 2]), /has the start index 0\.5/],
    ['with a start before the calendar', (m) => bin(m, [-1, 1, 2]), /has the start index -1/],
    [
      'with a start beyond the calendar',
      (m) => bin(m, [10, 1]),
      /has the start index 10, beyond the 10 days of the calendar/,
    ],
    [
      'longer than the calendar',
      (m) => bin(m, [8, 1, 2, 3]),
      /has 3 values from calendar index 8 on, 1 more than the calendar has days/,
    ],
    [
      'in the other byte order',
      (m) =>
        m.write(
          'features/aapl/close.day.bin',
          new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).buffer).reverse(),
        ),
      /start index|other byte order/,
    ],
    [
      'that is a folder',
      (m) => {
        renameSync(join(m.folder, 'features/aapl/close.day.bin'), join(m.folder, 'features/aapl/away'));
        mkdirSync(join(m.folder, 'features/aapl/close.day.bin'));
      },
      /is a folder, not a file of values/,
    ],
    [
      'that is a device',
      (m) => {
        renameSync(join(m.folder, 'features/aapl/close.day.bin'), join(m.folder, 'features/aapl/away'));
        symlinkSync('/dev/zero', join(m.folder, 'features/aapl/close.day.bin'));
      },
      /is no regular file/,
    ],
  ];
  const bin = (m: TestMarket, values: number[]) =>
    m.write('features/aapl/close.day.bin', new Uint8Array(Float32Array.from(values).buffer));
  for (const [what, damage, message] of brokenBins)
    it(`refuses a bin ${what}`, async () => {
      const m = opened();
      damage(m);
      expect(await messageOf(() => openData(m.folder).features(ask('Mean($close, 3)')))).toMatch(message);
    });

  const brokenCalendars: readonly (readonly [string, string, RegExp])[] = [
    [
      'out of order',
      '2020-01-02\n2020-01-01\n',
      /^calendar <data>\/calendars\/day\.txt:2: 2020-01-01 comes after a later day/,
    ],
    ['with a day twice', '2020-01-02\r\n\r\n2020-01-02\r\n', /day\.txt:3: 2020-01-02 is there twice/],
    ['with a line that is no date', '2020-01-02\n2020-02-30\n', /day\.txt:2: "2020-02-30" is no date/],
    ['that is empty', '\n', /^calendar .* is empty/],
  ];
  for (const [what, content, message] of brokenCalendars)
    it(`refuses a calendar ${what}`, async () => {
      const m = opened();
      m.write('calendars/day.txt', content);
      expect(await messageOf(() => openData(m.folder).calendar())).toMatch(message);
    });

  const brokenMarkets: readonly (readonly [string, string, RegExp])[] = [
    [
      'without dates',
      'AAPL\t2020-01-01\t2020-01-03\nMSFT',
      /^instruments <data>\/instruments\/all\.txt:2: "MSFT" has fewer than 3 columns/,
    ],
    [
      'with a name that is none',
      'AAPL\t2020-01-01\t2020-01-03\nA\0B\t2020-01-01\t2020-01-03',
      /all\.txt:2: "A\\u0000B" is no name of an instrument/,
    ],
    [
      'with a name that names no folder',
      `${'A'.repeat(201)}\t2020-01-01\t2020-01-03`,
      /all\.txt:1: "A{60}" is no name/,
    ],
    ['with a bad date', 'AAPL\t2020-01-01\t2020-13-03', /all\.txt:1: "2020-13-03" of AAPL is no date/],
    [
      'with a span that ends too early',
      'AAPL\t2020-01-05\t2020-01-03',
      /all\.txt:1: the span of AAPL ends 2020-01-03 before its start 2020-01-05/,
    ],
    ['without a line', '', /is empty: no instrument in this market/],
  ];
  for (const [what, content, message] of brokenMarkets)
    it(`refuses a market ${what}`, async () => {
      const m = opened();
      m.write('instruments/all.txt', content);
      expect(await messageOf(() => openData(m.folder).instruments('all'))).toMatch(message);
    });

  it('reads frequencies from their own folders and says which there are', async () => {
    const m = opened();
    const data = openData({ day: m.folder });
    expect(await messageOf(() => data.features({ ...ask('$close'), freq: '1min' }))).toMatch(
      /has no data for freq "1min"\n {2}it has day/,
    );
    expect(await messageOf(() => data.features({ ...ask('$close'), freq: 'nosuch' }))).toMatch(
      /^unknown freq "nosuch"/,
    );
    expect((await data.calendar({ freq: 'week' })).length).toBe(3);
  });

  it('gives all that was opened the same rows, and other requests their own', async () => {
    const { folder } = opened();
    const data = openData(folder);
    const request = ask('$close');
    const source = await data.openFeatures!(request);
    const whole = await data.features({ ...request, onProgress: () => undefined });
    expect(whole.index).toBe(source!.index);
    expect(whole).toEqual(await openData(folder).features(request));
    for (const other of [
      ask('$close', ['AAPL']),
      ask('$volume'),
      { ...request, start: Date.UTC(2020, 0, 3) },
      { ...request, freq: 'DAY', membersFreq: 'day' },
    ]) {
      await data.openFeatures!(request);
      expect(await data.features(other)).toEqual(await openData(folder).features(other));
    }
    // once: nothing is held back for a second call
    await data.openFeatures!(request);
    await data.features(request);
    expect((await data.features(request)).index).not.toBe((await data.features(request)).index);
  });

  it('takes the members of a market from another frequency', async () => {
    const m = opened();
    const minutes = new TestMarket(10, { MSFT: { close: { start: 0, values: [1] } } });
    const data = openData({ day: m.folder, '1min': minutes.folder });
    const { index } = await data.features({ ...ask('$close'), membersFreq: '1min' });
    minutes.remove();
    expect(index.instruments).toEqual(['MSFT']);
    expect([...(await data.instruments('all', { freq: 'day' })).keys()]).toEqual(['AAPL', 'MSFT']);
  });
});

describe('values that are not there', () => {
  const nothing = Array.from({ length: 20 }, () => Number.NaN);
  const some = nothing.map((_, i) => 10 + i);
  const bin = (values: readonly number[]) => ({ start: 0, values });

  it('warns of a field that is NaN on all days, of instruments that are traded', async () => {
    const market = new TestMarket(20, {
      AAA: { close: bin(nothing), volume: bin(some) },
      BBB: { close: bin(nothing), volume: bin(nothing) },
      CCC: { close: bin(some), volume: bin(nothing) },
    });
    const { log, warnings } = recorded();
    const data = openData(market.folder, { log });
    const fields = [{ group: null, name: 'x', expression: '$close * $volume' }];
    await data.features({ instruments: 'all', fields, start: null, end: null });
    market.remove();
    expect(warnings).toEqual(['fields have no value in this time, all is NaN: AAA $close, CCC $volume']);
  });
});
