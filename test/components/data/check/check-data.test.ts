import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkData } from '../../../../components/data/check/check-data.ts';
import { kinds } from '../../../../components/data/check/finding.ts';
import { FieldFile, smallMarket } from './small-market.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-check-'));
  smallMarket(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const field = (name: string) => new FieldFile(join(folder, 'features', name));
const found = () => checkData(folder).findings.map((f) => `${f.level} ${f.kind}: ${f.where}: ${f.text}`);

describe('checkData', () => {
  it('finds nothing in sound data', () => {
    expect(found()).toEqual([]);
  });

  const faults: readonly [string, () => void, RegExp][] = [
    [
      'a gap',
      () => field('a/close.day.bin').set(3, Number.NaN),
      /missing values: A \$close: 1 days, 1 in a row, from 2020-01-07/,
    ],
    [
      'a price of zero',
      () => field('a/low.day.bin').set(3, 0),
      /error zero or negative price: A \$low: 1 days, the first 2020-01-07: 0/,
    ],
    [
      'an infinite price',
      () => field('a/high.day.bin').set(3, Number.POSITIVE_INFINITY),
      /infinite value: A \$high/,
    ],
    [
      'a jump',
      () => field('a/open.day.bin').set(3, 16.1),
      /price jump: A \$open: 1 days, the largest 2020-01-07/,
    ],
    [
      'a split',
      () => field('a/close.day.bin').scale(5, 0.5),
      /split without factor: A \$close: 2020-01-09: .* 1:2/,
    ],
    [
      'a high below the low',
      () => field('a/high.day.bin').set(3, 8),
      /high below low: A: 1 days, the first 2020-01-07/,
    ],
    [
      'a short file',
      () => field('a/close.day.bin').cut(3),
      /misaligned: A: .*; close: 2020-01-02 to 2020-01-13/,
    ],
    [
      'odd bytes',
      () => writeFileSync(join(folder, 'features/a/close.day.bin'), 'abc'),
      /error broken bin: A \$close/,
    ],
    ['no factor', () => rmSync(join(folder, 'features/a/factor.day.bin')), /factor missing: A: no factor/],
    ['no volume', () => rmSync(join(folder, 'features/a/volume.day.bin')), /field missing: A: no volume/],
    [
      'upper case',
      () => renameSync(join(folder, 'features/a'), join(folder, 'features/A')),
      /upper case folder: features\/A/,
    ],
    [
      'a file in place of a folder',
      () => writeFileSync(join(folder, 'features/notes'), 'x'),
      /error stray file: features\/notes: is no folder/,
    ],
    [
      'two folders of one instrument',
      () => cpSync(join(folder, 'features/a'), join(folder, 'features/A'), { recursive: true }),
      /error folder twice: features\/a: differs from another in case only/,
    ],
    [
      'broken point-in-time data',
      () => {
        mkdirSync(join(folder, 'financial/a'), { recursive: true });
        for (const ending of ['data', 'index'])
          writeFileSync(join(folder, `financial/a/roe_q.${ending}`), 'abc');
      },
      /error broken bin: roe_q: a \$\$roe_q: .*roe_q.data has 3 bytes/,
    ],
    [
      'a folder that no market has',
      () => cpSync(join(folder, 'features/a'), join(folder, 'features/z'), { recursive: true }),
      /in no market: z/,
    ],
    [
      'a calendar out of order',
      () => writeFileSync(join(folder, 'calendars/day.txt'), '2020-01-03\n2020-01-02\n'),
      /error bad calendar: day.txt: .*:2/,
    ],
    [
      'a market without data',
      () => writeFileSync(join(folder, 'instruments/m.txt'), 'Q\t2020-01-02\t2020-01-03\n'),
      /no data: m: Q/,
    ],
    [
      'a span turned round',
      () => writeFileSync(join(folder, 'instruments/m.txt'), 'A\t2020-01-03\t2020-01-02\n'),
      /error bad market file: m.txt/,
    ],
    [
      'a future calendar of its own',
      () => writeFileSync(join(folder, 'calendars/day_future.txt'), '2021-01-04\n'),
      /bad future calendar/,
    ],
  ];
  it.each(faults)('finds %s', (_, spoil, message) => {
    spoil();
    expect(found().join('\n')).toMatch(message);
    for (const { kind } of checkData(folder).findings) expect(kinds[kind]?.fix).toBeTruthy();
  });
});
