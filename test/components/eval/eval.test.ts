import fc from 'fast-check';
import { max, mean, min, sampleCorrelation, sampleStandardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { scoreAutocorrelation } from '../../../components/eval/autocorrelation.ts';
import { pearson, ranks, spearman } from '../../../components/eval/correlation.ts';
import { dailyIC } from '../../../components/eval/ic.ts';
import { indicatorAnalysis } from '../../../components/eval/indicator.ts';
import { longShortPrecision, longShortReturn } from '../../../components/eval/long-short.ts';
import { annualSteps, riskAnalysis } from '../../../components/eval/risk.ts';
import { scorePanel, weekdays } from '../backtest/market.ts';

const finite = fc.double({ min: -1, max: 1, noNaN: true });
const close = (a: number, b: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 + 1e-9 * Math.abs(b));

describe('riskAnalysis', () => {
  // risk_analysis(pd.Series([.01, -.02, np.nan, .015])), qlib 0.9.7
  it('leaves NaN out and lets drawdown begin with the first return', () => {
    const r = riskAnalysis([0.01, -0.02, Number.NaN, 0.015]);
    close(r.mean, 0.0016666666666666663);
    close(r.std, 0.018929694486000914);
    close(r.annualized_return, 0.3966666666666666);
    close(r.information_ratio, 1.35829350300665);
    close(r.max_drawdown, -0.02);
  });

  it('annualises by the unit of the frequency', () => {
    expect(['day', '2day', 'week', '2week', 'month', 'min'].map(annualSteps)).toEqual([
      238, 119, 50, 25, 12, 57120,
    ]);
  });

  it('agrees with the textbook on any returns', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 50 }), (r) => {
        const { mean: m, std, max_drawdown } = riskAnalysis(r);
        close(m, mean(r));
        close(std, sampleStandardDeviation(r));
        const sums = r.map((_, i) => r.slice(0, i + 1).reduce((a, b) => a + b, 0));
        close(max_drawdown, min(sums.map((s, i) => s - max(sums.slice(0, i + 1)))));
      }),
    );
  });

  it('is NaN throughout without a return', () => {
    expect(Object.values(riskAnalysis([], { mode: 'product' }))).toEqual(Array(5).fill(Number.NaN));
  });

  it('refuses another mode', () => {
    expect(() => riskAnalysis([0], { mode: 'mean' as never })).toThrow(
      'unknown accumulation mode "mean"\n  allowed: sum, product',
    );
  });
});

describe('correlations', () => {
  it('agree with the textbook', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite), { minLength: 3, maxLength: 40 }), (pairs) => {
        const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const isSpread = (v: number[]) => sampleStandardDeviation(v) > 1e-6;
        fc.pre(isSpread(x) && isSpread(y));
        close(pearson(x, y), sampleCorrelation(x, y));
        close(spearman(x, y), spearman(y, x));
        close(
          spearman(
            x.map((v) => 2 * v),
            y,
          ),
          spearman(x, y),
        ); // only the order counts
      }),
    );
  });

  it('leave out pairs with a NaN, and are NaN of a constant', () => {
    close(pearson([1, 2, Number.NaN, 3], [2, 4, 9, 6]), 1);
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(spearman([1], [1])).toBeNaN();
  });

  // scipy.stats.rankdata([3, 1, 3, 2])
  it('share ranks among ties', () => {
    expect([...ranks(Float64Array.of(3, 1, 3, 2))]).toEqual([3.5, 1, 3.5, 2]);
  });
});

describe('by day', () => {
  const days = weekdays('2020-01-01', 3);
  const pred = scorePanel(days, { A: [1, 2, 3], B: [2, 1, Number.NaN], C: [3, 3, 1] });
  const label = scorePanel(days, {
    A: [0.1, 0.2, 0.3],
    B: [0.2, undefined, 0.1],
    D: [9, 9, 9],
    C: [0.3, 0.1, 0.2],
  });

  it('joins scores and labels by instrument', () => {
    const { ic, ric } = dailyIC(pred, label);
    [1, -1, 1].forEach((x, i) => {
      close(ic[i]!, x);
      close(ric[i]!, x);
    });
  });

  it('counts instruments without a score in the size of a quantile, unless they are dropped', () => {
    const kept = longShortReturn(pred, label, { quantile: 0.5 });
    // day 1: four rows, two a side: best C and B, worst A and B
    close(kept.longShort[0]!, ((0.3 + 0.2) / 2 - (0.1 + 0.2) / 2) / 2);
    close(kept.average[0]!, (0.1 + 0.2 + 0.3 + 9) / 4);
    const dropped = longShortReturn(pred, label, { quantile: 0.5, dropna: true });
    close(dropped.longShort[0]!, (0.3 - 0.1) / 2);
  });

  it('needs enough instruments for a precision', () => {
    expect(() => longShortPrecision(pred, label)).toThrow(
      '4 instruments are too few for a precision by quantile 0.2\n  more than 5 are needed',
    );
    expect([...longShortPrecision(pred, label, { quantile: 0.3 }).long]).toEqual([1, 1, 1]);
  });

  it('correlates a day with the day before', () => {
    const { values } = scoreAutocorrelation(pred);
    expect(values[0]).toBeNaN();
    close(values[1]!, 0.5);
    close(values[2]!, -1);
  });
});

describe('indicatorAnalysis', () => {
  const columns = Object.entries({
    ffr: [1, 0.5, Number.NaN],
    pa: [0.25, -0.25, Number.NaN],
    pos: [1, 0, Number.NaN],
    deal_amount: [10, 30, 0],
    value: [100, 100, 0],
    count: [1, 3, 0],
  }).map(([label, values]) => ({ label, dtype: 'float64' as const, values: Float64Array.from(values) }));
  const table = { kind: 'frame' as const, index: [], columns };

  it('weights by orders, shares or money', () => {
    expect(indicatorAnalysis(table)).toEqual({ ffr: 0.625, pa: -0.125, pos: 0.25 });
    expect(indicatorAnalysis(table, 'amount_weighted')).toMatchObject({ ffr: 0.625, pos: 0.25 });
    expect(indicatorAnalysis(table, 'value_weighted')).toEqual({ ffr: 0.75, pa: 0, pos: 0.25 });
  });

  it('refuses another method', () => {
    expect(() => indicatorAnalysis(table, 'value' as never)).toThrow(
      'unknown method of indicator analysis "value"\n  allowed: mean, amount_weighted, value_weighted',
    );
  });
});
