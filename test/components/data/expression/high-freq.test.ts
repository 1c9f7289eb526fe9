import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTime } from '../../../../components/core/dates.ts';
import { codeBehind, loadOperators } from '../../../../components/data/expression/operator-set.ts';
import { parseExpression } from '../../../../components/data/expression/parse.ts';
import { aheadOf, windowOf } from '../../../../components/data/expression/tree.ts';
import { openData } from '../../../../components/data/folder-provider.ts';

// Three days of four bars; A is halted on the second, B begins within it. The literals are D.features of qlib 0.9.7 on the same folder, H.clear() before each.
const nan = Number.NaN;
const bins = {
  a: [0, 1, 2, nan, 4, nan, nan, nan, nan, 9, 10, 11, nan],
  b: [5, 6, nan, 8, 9, 10, 11, 12],
};
const folder = mkdtempSync(join(tmpdir(), 'qrun-hf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (path: string, content: string | Uint8Array) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const bars = ['2020-01-02', '2020-01-03', '2020-01-06'].flatMap((day) =>
  ['09:30:00', '10:30:00', '13:00:00', '14:00:00'].map((time) => `${day} ${time}\n`),
);
write('calendars/60min.txt', bars.join(''));
write('instruments/all.txt', 'A\t2020-01-02\t2020-12-31\nB\t2020-01-02\t2020-12-31\n');
for (const [name, values] of Object.entries(bins))
  write(`features/${name}/x.60min.bin`, new Uint8Array(Float32Array.from(values).buffer));

const module = 'qlib.contrib.ops.high_freq';
const names = ['DayCumsum', 'DayLast', 'FFillNan', 'BFillNan', 'Date', 'Select', 'IsNull', 'IsInf', 'Cut'];
const set = await loadOperators([{ file: module, code: '', names }]);
const data = openData({ '60min': folder }, { operators: set });
const whole = ['2020-01-02', '2020-01-06 14:00:00'] as const;
const part = ['2020-01-03 10:30:00', '2020-01-06 10:30:00'] as const;
const column = async (
  expression: string,
  instrument: string,
  [start, end]: readonly [string, string] = whole,
) => {
  const { columns } = await data.features({
    instruments: [instrument],
    fields: [{ group: null, name: 'x', expression }],
    ...{ start: parseTime(start)!, end: parseTime(end)!, freq: '60min' },
  });
  return Array.from(columns[0]!.values);
};
const message = (run: () => unknown) =>
  Promise.resolve()
    .then(run)
    .then(
      () => '',
      (error: Error) => error.message,
    );

describe('the operators of qlib.contrib.ops.high_freq', () => {
  it('DayLast gives the last value of the rows of a day that are loaded', async () => {
    expect(await column('DayLast($x)', 'A')).toEqual([4, 4, 4, 4, nan, nan, nan, nan, 11, 11, 11, 11]);
    expect(await column('DayLast($x)', 'B')).toEqual([8, 8, 8, 12, 12, 12, 12]);
    expect(await column('DayLast($x)', 'A', part)).toEqual([nan, nan, nan, 10, 10]);
    expect(await column('DayLast($x)', 'B', part)).toEqual([8, 8, 8, 10, 10]);
    expect(await column('DayLast(Ref($x,4))', 'A')).toEqual([
      nan,
      nan,
      nan,
      nan,
      4,
      4,
      4,
      4,
      nan,
      nan,
      nan,
      nan,
    ]);
    expect(await column('DayLast(Ref($x,4))', 'B', part)).toEqual([nan, nan, nan, 6, 6]);
  });

  it('FFillNan and BFillNan fill over days, within the rows that are loaded', async () => {
    expect(await column('FFillNan($x)', 'A')).toEqual([1, 2, 2, 4, 4, 4, 4, 4, 9, 10, 11, 11]);
    expect(await column('FFillNan($x)', 'A', part)).toEqual([nan, nan, nan, 9, 10]);
    expect(await column('BFillNan($x)', 'A')).toEqual([1, 2, 4, 4, 9, 9, 9, 9, 9, 10, 11, nan]);
    expect(await column('BFillNan($x)', 'B', part)).toEqual([6, 8, 8, 9, 10]);
  });

  it('IsNull and IsInf are conditions', async () => {
    expect(await column('IsNull($x)', 'A')).toEqual([0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1]);
    expect(await column('IsInf(1/($x-9))', 'A')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    expect(await column('If(IsNull($x), 0, $x)', 'B')).toEqual([6, 0, 8, 9, 10, 11, 12]);
  });

  it('Cut takes rows away where the data begin and end, not within', async () => {
    expect(await column('Cut($x,2,-1)', 'A')).toEqual([nan, 4, nan, nan, nan, nan, 9, 10, 11]);
    expect(await column('Cut($x,2,-1)', 'B')).toEqual([8, 9, 10, 11]);
    expect(await column('Cut($x,2,-1)', 'A', part)).toEqual([nan, nan, nan, 9, 10]);
    expect(await column('Cut($x,2,-1)', 'B', part)).toEqual([8, 9, 10]);
    expect(await column('Cut($x, 99)', 'A')).toEqual([]);
    expect(windowOf(parseExpression('Cut(Ref($x, 3), 2, -1)', set.operators))).toEqual({ left: 5, right: 1 });
  });

  it('DayCumsum adds up whole days, and refuses others', async () => {
    const hours = "DayCumsum($x,'10:30','13:00',60)";
    expect(await column(hours, 'A')).toEqual([0, 2, nan, 0, 0, nan, nan, 0, 0, 10, 21, 0]);
    expect(await message(() => column(hours, 'B'))).toContain('hold 3 of the 4 of 2020-01-03');
    expect(await message(() => column(hours, 'A', part))).toContain('it needs whole days of 4 rows');
    expect(await message(() => column('DayCumsum($x)', 'A'))).toContain('240 rows');
  });

  it('Date compares as dates do', async () => {
    expect(await column('Date($x)==Date(Ref($x,1))', 'B')).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(await column('Date($x)', 'B')).toEqual([18264, 18264, 18264, 18267, 18267, 18267, 18267]);
  });

  it('refuses arguments as qlib does, with what is allowed', async () => {
    const refused = (text: string) => message(() => parseExpression(text, set.operators));
    expect(await refused('Cut($x, 0)')).toContain('left of Cut must be a whole number above 0, or None');
    expect(await refused('Cut($x, None, 1)')).toContain('right of Cut must be a whole number below 0');
    expect(await refused("DayCumsum($x, '9:00')")).toContain(
      "start of DayCumsum must be a time of trading, '9:30'",
    );
    expect(await refused("DayCumsum($x, '9:30', '14:59', 7)")).toContain('a divisor of 240');
    expect(await refused('Select($x > 1, $x)')).toContain('Select takes rows away');
    expect(await message(() => column('IsInf(Ref($x > 1, 1))', 'A'))).toContain('IsInf works on numbers');
    expect(await message(() => column('P(DayLast($$x_q))', 'A'))).toContain(
      'DayLast works on days, not on periods',
    );
  });

  it('are there once they are named', async () => {
    expect(await message(() => parseExpression('DayLast($x)'))).toContain('DayLast');
    const { operators } = await loadOperators([{ file: module, code: '', names: ['DayLast'] }]);
    expect([operators.has('DayLast'), operators.has('FFillNan')]).toEqual([true, false]);
    expect(await message(() => loadOperators([{ file: module, code: '', names: ['DayLst'] }]))).toContain(
      `"DayLst" in ${module}`,
    );
    expect(codeBehind(['DayLast($x)'], set)).toEqual([]);
  });

  it('know how far they look ahead', () => {
    const ahead = (text: string) => aheadOf(parseExpression(text, set.operators));
    expect(ahead('DayLast($x)')).toBe(239);
    expect(ahead('$x/DayLast(Ref(FFillNan($x), 243))')).toBe(0);
    expect(ahead('DayLast(Ref($x, 243))')).toBe(-4);
    expect(ahead('Ref(DayLast(Mean($x, 7200)), 240)')).toBe(-1);
    expect(ahead('DayLast($x)/2 + 1')).toBe(239);
    expect(ahead('Ref(BFillNan($x), 100)')).toBe(Number.POSITIVE_INFINITY);
    expect(ahead('Cut($x, 3, -2)')).toBe(0);
  });
});
