import { afterAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../components/core/workers.ts';
import { builtinOperators } from '../../../components/data/expression/ops/index.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import type { FieldSpec } from '../../../components/data/provider.ts';
import { prices, type TestBin, TestMarket } from './market.ts';

const days = 160;
const names = Array.from({ length: 37 }, (_, i) => `S${String(i).padStart(2, '0')}`);
function binsOf(
  change: (instrument: string, values: number[]) => void,
): Record<string, Record<string, TestBin>> {
  return Object.fromEntries(
    names.map((name, i) => {
      const start = i % 5 === 0 ? 12 : 0;
      const fields = ['close', 'open', 'volume'].map((field, f) => {
        const values = prices(100 * i + f, days - start - (i % 7 === 0 ? 20 : 0));
        change(name, values);
        return [field, { start, values }];
      });
      return [name, Object.fromEntries(fields)];
    }),
  );
}

const spec = (expression: string): FieldSpec => ({ group: null, name: expression, expression });
/** Every operator that looks back, in a form that a user may write. */
const backward = [
  ...[
    'Mean',
    'Sum',
    'Std',
    'Var',
    'Max',
    'Min',
    'Med',
    'Count',
    'Rank',
    'IdxMax',
    'IdxMin',
    'Mad',
    'WMA',
    'EMA',
    'Slope',
    'Rsquare',
    'Resi',
    'Delta',
    'Ref',
  ].map((op) => `${op}($close, 5)`),
  'Skew($close, 9)',
  'Kurt($close, 9)',
  'Quantile($close, 7, 0.3)',
  'Mean($close, 0)',
  'EMA($close, 0.2)',
  'Corr($close, Log($volume+1), 6)',
  'Cov($close, $open, 6)',
  'If($close>$open, Mean($close, 3), Ref($open, 2))',
  'And($close>$open, $volume>Mean($volume, 4))',
  "$close/ChangeInstrument('S03', $close)",
  'Abs($close-$open)/Greater($close, 30)**0.5',
];

describe('features', () => {
  const market = new TestMarket(
    days,
    binsOf(() => {}),
  );
  afterAll(() => market.remove());

  it('changes no value of today when tomorrow changes', async () => {
    const cut = 100;
    const other = new TestMarket(
      days,
      binsOf((_, values) => values.fill(7, Math.min(values.length, cut))),
    );
    try {
      const ask = {
        instruments: 'all',
        fields: backward.map(spec),
        start: null,
        end: market.times[cut - 1]!,
      };
      const before = await openData(market.folder).features(ask);
      const after = await openData(other.folder).features(ask);
      expect(after.length).toBe(before.length);
      before.columns.forEach(({ values, name }, c) => {
        expect(Array.from(after.columns[c]!.values), name).toEqual(Array.from(values));
      });
    } finally {
      other.remove();
    }
  });

  it('has the same bits for any number of threads', async () => {
    // enough cells to be worth threads
    const fields = Array.from({ length: 14 }, (_, i) => backward.map((e) => spec(`${e}*${i + 1}`))).flat();
    const ask = { instruments: 'all', fields, start: null, end: null };
    const alone = await openData(market.folder).features(ask);
    expect(alone.length * fields.length).toBeGreaterThan(2e6);
    for (const threads of [1, 2, 3]) {
      const pool = new WorkerPool(threads);
      try {
        const shares: number[] = [];
        const together = await openData(market.folder, { pool }).features({
          ...ask,
          onProgress: (share) => shares.push(share),
        });
        expect(Array.from(together.index.codes)).toEqual(Array.from(alone.index.codes));
        alone.columns.forEach(({ values, name }, c) => {
          const ours = together.columns[c]!.values;
          if (!values.every((v, r) => Object.is(v, ours[r])))
            throw new Error(`${name} differs with ${threads} threads`);
        });
        expect(shares.at(-1)).toBe(1);
      } finally {
        await pool.close();
      }
    }
  });

  it('covers every operator that computes', () => {
    const used = new Set(backward.join(' ').match(/\w+(?=\()/g));
    const elsewhere = [
      'Add',
      'Sub',
      'Mul',
      'Div',
      'Power',
      'Gt',
      'Ge',
      'Lt',
      'Le',
      'Eq',
      'Ne',
      'Or',
      'Not',
      'Less',
      'Sign',
      'Rolling',
      'Mask',
      'P',
      'PRef',
      'Feature',
      'PFeature',
      'TResample',
      // across instruments: cross-section.test.ts
      'CSRank',
      'CSZScore',
      'CSDemean',
      'GroupNeutralize',
    ];
    expect(
      [...builtinOperators.keys()].filter((name) => !used.has(name) && !elsewhere.includes(name)),
    ).toEqual([]);
  });

  it('joins the days of columns that cover different ones, and cuts spans', async () => {
    const two = new TestMarket(8, {
      A: { close: { start: 2, values: [1, 2, 3] }, open: { start: 3, values: [10, 20, 30, 40] } },
      B: { close: { start: 0, values: [1, 2, 3, 4, 5, 6, 7, 8] } },
    });
    try {
      two.market('some', [
        `B\t${two.day(1)}\t${two.day(2)}`,
        `A\t${two.day(0)}\t${two.day(7)}`,
        `B\t${two.day(5)}\t${two.day(5)}`,
      ]);
      const panel = await openData(two.folder).features({
        instruments: 'some',
        fields: [spec('$close'), spec('$open'), spec('$close+$open')],
        start: null,
        end: null,
      });
      const times = panel.index.timeCodes();
      const rows = Array.from(panel.index.codes, (code, r) => [
        two.times.indexOf(panel.index.times[times[r]!]!),
        panel.index.instruments[code],
        ...panel.columns.map((c) => c.values[r]),
      ]);
      const no = Number.NaN;
      expect(rows).toEqual([
        [1, 'B', 2, no, no],
        [2, 'A', 1, no, no],
        [2, 'B', 3, no, no],
        [3, 'A', 2, 10, 12],
        [4, 'A', 3, 20, 23],
        [5, 'A', no, 30, no],
        [5, 'B', 6, no, no],
        [6, 'A', no, 40, no],
      ]);
    } finally {
      two.remove();
    }
  });

  it('refuses a comparison of columns that cover different days, naming the instrument', async () => {
    const one = new TestMarket(5, {
      A: { close: { start: 0, values: [1, 2, 3, 4, 5] }, open: { start: 1, values: [1, 2, 3] } },
    });
    try {
      const asked = openData(one.folder).features({
        instruments: ['A'],
        fields: [spec('$close > $open')],
        start: null,
        end: null,
      });
      await expect(asked).rejects.toThrow(
        'A, expression "$close > $open": the two sides of "gt" cover different days, 2020-01-01 to 2020-01-07 and 2020-01-02 to 2020-01-06',
      );
    } finally {
      one.remove();
    }
  });
});
