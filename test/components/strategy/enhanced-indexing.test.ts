import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import { cholesky, solveCholesky } from '../../../components/strategy/enhanced-indexing/cholesky.ts';
import {
  optimizePortfolio,
  type Portfolio,
} from '../../../components/strategy/enhanced-indexing/optimizer.ts';
import { EnhancedIndexingStrategy } from '../../../components/strategy/enhanced-indexing.ts';

import { testContext } from '../backtest/context.ts';
import { market, scorePanel, weekdays } from '../backtest/market.ts';

const unit = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const portfolios = fc.integer({ min: 3, max: 12 }).chain((n) =>
  fc.record({
    score: fc.array(unit(-1, 1), { minLength: n, maxLength: n }),
    exposure: fc.array(fc.array(unit(-1, 1), { minLength: 2, maxLength: 2 }), { minLength: n, maxLength: n }),
    residual: fc.array(unit(1e-4, 1e-2), { minLength: n, maxLength: n }),
    benchmark: fc.array(unit(0.1, 1), { minLength: n, maxLength: n }),
    current: fc.array(unit(0.1, 1), { minLength: n, maxLength: n }),
  }),
);
const normalized = (x: readonly number[]) => Float64Array.from(x, (v) => v / x.reduce((a, b) => a + b, 0));

function portfolioOf(p: {
  score: number[];
  exposure: number[][];
  residual: number[];
  benchmark: number[];
  current: number[];
}): Portfolio {
  return {
    score: Float64Array.from(p.score),
    exposure: p.exposure.map((row) => Float64Array.from(row)),
    factorCovariance: [Float64Array.of(0.004, 0.001), Float64Array.of(0.001, 0.002)],
    residualVariance: Float64Array.from(p.residual),
    benchmark: normalized(p.benchmark),
    current: normalized(p.current),
    isHeld: p.score.map(() => false),
    isSold: p.score.map(() => false),
  };
}

function objective(
  { exposure, factorCovariance, residualVariance, benchmark, score }: Portfolio,
  w: ArrayLike<number>,
  lamb: number,
) {
  const d = Array.from(w, (x, i) => x - benchmark[i]!);
  const v = [0, 1].map((k) => d.reduce((sum, x, i) => sum + x * exposure[i]![k]!, 0));
  const factor = v.reduce(
    (sum, a, i) => sum + v.reduce((s, b, j) => s + a * factorCovariance[i]![j]! * b, 0),
    0,
  );
  return d.reduce((sum, x, i) => sum + x * score[i]! - lamb * residualVariance[i]! * x * x, -lamb * factor);
}

describe('EnhancedIndexingStrategy', () => {
  it('may buy what the risk model of a day knows, with or without a score', async () => {
    const days = weekdays('2020-01-01', 3);
    const context = testContext({ data: market(days, { A: { close: [1, 1, 1] } }) });
    const signal = scorePanel(days, { A: [1, 1, 1] });
    const strategy = await EnhancedIndexingStrategy.create({ signal, riskmodel_root: 'risk' }, context);
    expect(await strategy.prepare!({ start: days[0]!, end: days[2]! })).toBeUndefined();
  });
});

describe('optimizePortfolio', () => {
  const options = { lamb: 3, delta: 0.4, b_dev: 0.2, f_dev: null, scale_return: false, epsilon: 0 };

  it('satisfies every limit, and nothing between it and the benchmark or the current weights is better', () => {
    fc.assert(
      fc.property(portfolios, unit(0, 1), (given, share) => {
        const p = portfolioOf(given);
        // benchmark and current weights within each other's limits
        const near = { ...p, current: p.benchmark.map((b, i) => b + 0.1 * (p.current[i]! - b)) };
        const w = optimizePortfolio(near, options, silentLog);
        expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 8);
        expect(w.reduce((sum, x, i) => sum + Math.abs(x - near.current[i]!), 0)).toBeLessThanOrEqual(
          0.4 + 1e-7,
        );
        w.forEach((x, i) => {
          expect(x).toBeGreaterThanOrEqual(-1e-9);
          expect(Math.abs(x - near.benchmark[i]!)).toBeLessThanOrEqual(0.2 + 1e-7);
        });
        const best = objective(near, w, 3);
        for (const other of [near.benchmark, near.current]) {
          const between = other.map((x, i) => x + share * (w[i]! - x));
          expect(objective(near, between, 3)).toBeLessThanOrEqual(best + 1e-9);
        }
      }),
      { numRuns: 50 },
    );
  });

  // cvxpy 1.7.5, CLARABEL at 1e-12: max d'r - 2 (v'Cv + u d^2), sum w = 1, |d| <= .3, |v| <= .02, ||w - w0||_1 <= .5
  it("gives cvxpy's weights", () => {
    const p: Portfolio = {
      score: Float64Array.of(0.03, -0.01, 0.02, 0),
      exposure: [
        Float64Array.of(1, 0),
        Float64Array.of(0.5, 1),
        Float64Array.of(0.2, -1),
        Float64Array.of(0.8, 0.3),
      ],
      factorCovariance: [Float64Array.of(0.04, 0.01), Float64Array.of(0.01, 0.09)],
      residualVariance: Float64Array.of(0.02, 0.03, 0.01, 0.05),
      current: Float64Array.of(0.1, 0.4, 0.3, 0.2),
      benchmark: Float64Array.of(0.25, 0.25, 0.25, 0.25),
      isHeld: [false, false, false, false],
      isSold: [false, false, false, false],
    };
    const w = optimizePortfolio(
      p,
      { lamb: 2, delta: 0.5, b_dev: 0.3, f_dev: 0.02, scale_return: false },
      silentLog,
    );
    const theirs = [0.32469769465, 0.24366294524, 0.2447344256, 0.18690493452];
    w.forEach((x, i) => {
      expect(x).toBeCloseTo(theirs[i]!, 8);
    });
  });

  it('keeps what can not be traded and sells what must go', () => {
    const p = portfolioOf({
      score: [1, 2, 3, 4],
      exposure: [[1, 0], [0, 1], [1, 1], [0, 0]], // biome-ignore format: a matrix
      residual: [0.01, 0.01, 0.01, 0.01],
      benchmark: [1, 1, 1, 1],
      current: [4, 3, 2, 1],
    });
    const held = { ...p, isHeld: [true, false, false, false], isSold: [false, false, false, true] };
    const w = optimizePortfolio(held, { b_dev: null, delta: null, scale_return: false }, silentLog);
    expect(w[0]).toBeCloseTo(0.4, 9);
    expect(w[3]).toBe(0);
  });

  it('drops a turnover limit that can not be met, and says so', () => {
    const warnings: string[] = [];
    const p = portfolioOf({
      score: [1, 2, 3],
      exposure: [[1, 0], [0, 1], [1, 1]], // biome-ignore format: a matrix
      residual: [0.01, 0.01, 0.01],
      benchmark: [1, 1, 1],
      current: [98, 1, 1],
    });
    const log = { ...silentLog, warn: (line: string) => void warnings.push(line) };
    const w = optimizePortfolio(p, { b_dev: 0.01, delta: 0.1 }, log);
    expect(warnings).toEqual(['no portfolio satisfies the turnover limit: it is dropped for this step']);
    expect(w[0]!).toBeLessThan(0.35);
  });
});

describe('cholesky', () => {
  it('solves singular matrices too', () => {
    const lower = cholesky([Float64Array.of(4, 2), Float64Array.of(2, 1)]);
    expect([...solveCholesky(lower, Float64Array.of(4, 2))]).toEqual([1, 0]);
  });
});
