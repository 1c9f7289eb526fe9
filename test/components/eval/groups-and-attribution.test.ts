import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { binGroups, brinson } from '../../../components/eval/brinson.ts';
import { groupReturns } from '../../../components/eval/group-returns.ts';
import { precisionAtK } from '../../../components/eval/precision-at-k.ts';
import { scoreOrder } from '../../../components/eval/score-order.ts';

/** One day of instruments A, B, C, ... */
function dayPanel(values: readonly number[]): Panel {
  const names = values.map((_, i) => String.fromCharCode(65 + i));
  const index = new PanelIndex(
    Float64Array.of(0),
    Int32Array.of(0, values.length),
    names,
    Int32Array.from(values, (_, i) => i),
  );
  return new Panel(index, [denseColumn(null, 'x', Float64Array.from(values))]);
}

describe('groupReturns', () => {
  it('cuts the scores into groups of equal size, what is left over in none', () => {
    const { groups, average } = groupReturns(
      dayPanel([5, 1, 4, 2, 3, Number.NaN, 0]),
      dayPanel([0.05, 0.01, 0.04, 0.02, Number.NaN, 9, 0]),
      3,
    );
    // 6 scores in groups of 2: A C, E D, B G
    expect(groups.map((g) => g[0])).toEqual([0.045, 0.02, 0.005]);
    expect(average[0]).toBeCloseTo(0.024, 15);
  });

  it('is NaN where there are fewer instruments than groups', () => {
    expect(groupReturns(dayPanel([1]), dayPanel([1]), 2).groups.map((g) => g[0])).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe('scoreOrder', () => {
  it('is the order of a stable sort, without NaN', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double(), fc.constant(-0));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const wanted = values
          .map((_, i) => i)
          .filter((i) => !Number.isNaN(values[i]))
          .sort((i, j) => (values[i]! === values[j]! ? i - j : values[j]! > values[i]! ? 1 : -1));
        expect(Array.from(scoreOrder(Float64Array.from(values)))).toEqual(wanted);
        expect(Array.from(scoreOrder(Float64Array.from(values), 3))).toEqual(wanted.slice(0, 3));
      }),
    );
  });
});

describe('precisionAtK', () => {
  const scores = dayPanel([5, 4, 3, 2, Number.NaN]);
  const labels = dayPanel([0.1, -0.1, 0.02, 0.5, 9]);

  it('counts what rises, or what does better than the mean of the day', () => {
    const { rising, better } = precisionAtK(scores, labels, [2, 3, 9]);
    expect(rising.map((days) => days[0])).toEqual([0.5, 2 / 3, 0.75]);
    expect(better.map((days) => days[0])).toEqual([0, 0, 0.25]);
  });
});

const stocks = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
const byStock = (values: readonly (number | undefined)[]) =>
  new Map(stocks.flatMap((s, i) => (values[i] === undefined ? [] : [[s, values[i]!] as const])));

describe('brinson', () => {
  // qlib 0.9.7: decompose_portofolio on weights [.3 .2 nan .5 nan nan] and [.2 .2 .2 .2 .2 nan], groups [1 1 2 3 3 4],
  // returns [.01 -.02 .03 .005 nan .04], then the sums of brinson_pa
  it('agrees with qlib', () => {
    const { RAA, RSS, RIN, RTotal } = brinson({
      portfolio: byStock([0.3, 0.2, undefined, 0.5]),
      benchmark: byStock([0.2, 0.2, 0.2, 0.2, 0.2]),
      groups: byStock([1, 1, 2, 3, 3, 4]),
      returns: byStock([0.01, -0.02, 0.03, 0.005, undefined, 0.04]),
    });
    expect(RAA).toBeCloseTo(-0.00625, 15);
    expect(RSS).toBeCloseTo(0.0022, 15);
    expect(RIN).toBeCloseTo(0.00055, 15);
    expect(RTotal).toBeCloseTo(-0.0035, 15);
  });

  it('sums up to the difference of the returns', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    const groups = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 });
    const returns = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(weights, groups, returns, (p, g, r) => {
        const benchmark = stocks.map(() => 1 / 6);
        const found = brinson({
          portfolio: byStock(p),
          benchmark: byStock(benchmark),
          groups: byStock(g),
          returns: byStock(r),
        });
        const difference = p.reduce((sum, w, i) => sum + (w - 1 / 6) * r[i]!, 0);
        expect(found.RTotal).toBeCloseTo(difference, 12);
        expect(found.RAA + found.RSS + found.RIN).toBeCloseTo(found.RTotal, 12);
      }),
    );
  });
});

describe('binGroups', () => {
  // qlib 0.9.7: get_daily_bin_group(pd.Series([1, 5, 3, 9, 7, nan]), pd.Series([.5, 5, 3, 20, 7, 4]), 3)
  it('agrees with qlib', () => {
    expect(
      Object.fromEntries(binGroups([1, 5, 3, 9, 7, Number.NaN], byStock([0.5, 5, 3, 20, 7, 4]), 3)),
    ).toEqual({ A: 3, B: 2, C: 3, D: 1, E: 1, F: 2 });
  });
});
