import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawdowns } from '../../../components/eval/drawdowns.ts';
import { marketShape, returnShape } from '../../../components/eval/return-shape.ts';

const r = Float64Array.of(0.01, -0.02, 0.03, -0.04, 0, 0.02, -0.01, 0.015, 0.005, -0.03);
const b = Float64Array.of(0.005, -0.01, 0.02, -0.03, 0.01, 0.01, -0.02, 0.01, 0, -0.01);

describe('returnShape', () => {
  // numpy: np.quantile(r, .05), r[r <= q].mean(), r.mean() / np.sqrt((np.minimum(r, 0) ** 2).mean()) * np.sqrt(238),
  // w = np.cumprod(1 + r): (w[-1] ** 23.8 - 1) / -(w / np.maximum.accumulate(w) - 1).min()
  it('agrees with numpy', () => {
    const shape = returnShape(Float64Array.of(...r, Number.NaN), 'day', 238);
    expect(shape.valueAtRisk).toBeCloseTo(-0.0355, 14);
    expect(shape.expectedShortfall).toBe(-0.04);
    expect(shape.sortino).toBeCloseTo(-1.781385228784985, 12);
    expect(shape.calmar).toBeCloseTo(-0.4124786378809746 / 0.040797200368000386, 10);
    expect([shape.winRate, shape.best, shape.worst]).toEqual([5 / 9, 0.03, -0.04]);
    // below the height of step 2 from step 3 to the end
    expect(shape.longestDrawdown).toBe(7);
  });
});

describe('marketShape', () => {
  // numpy: np.cov(r, b)[0, 1] / np.var(b, ddof=1), np.corrcoef(r, b)[0, 1], (r - b).std(ddof=1) * np.sqrt(238)
  it('agrees with numpy', () => {
    const { beta, correlation, trackingError } = marketShape(
      Float64Array.of(...r, 0.5),
      Float64Array.of(...b, Number.NaN),
      238,
    );
    expect(beta).toBeCloseTo(1.3030646992054487, 12);
    expect(correlation).toBeCloseTo(0.9006861311692411, 12);
    expect(trackingError).toBeCloseTo(0.1684092238170661, 12);
  });
});

describe('drawdowns', () => {
  it('finds each stretch with its bottom and its end', () => {
    expect(drawdowns([0.01, -0.02, 0.03, -0.5, 0.1])).toEqual([
      { from: 1, bottom: 1, recovered: 2, depth: expect.closeTo(-0.02, 14) },
      { from: 3, bottom: 3, recovered: null, depth: expect.closeTo(-0.5, 14) },
    ]);
    expect(drawdowns([])).toEqual([]);
  });

  it('never overlaps, and holds the deepest fall', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { maxLength: 60 }), (returns) => {
        const found = drawdowns(returns);
        for (const [i, d] of found.entries()) {
          expect(d.bottom).toBeGreaterThanOrEqual(d.from);
          expect(d.from).toBeGreaterThan(found[i - 1]?.recovered ?? -1);
        }
        let [wealth, most, deepest] = [1, 1, 0];
        for (const x of returns) {
          wealth *= 1 + x;
          most = Math.max(most, wealth);
          deepest = Math.min(deepest, wealth / most - 1);
        }
        expect(Math.min(0, ...found.map((d) => d.depth))).toBeCloseTo(deepest, 12);
      }),
    );
  });
});
