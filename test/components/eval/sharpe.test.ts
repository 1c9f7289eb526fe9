import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalProbability, normalQuantile } from '../../../components/eval/normal.ts';
import {
  deflatedSharpe,
  expectedMaxSharpe,
  minTrackRecord,
  probabilisticSharpe,
  sharpeError,
  sharpeSample,
} from '../../../components/eval/sharpe.ts';

describe('normalProbability and normalQuantile', () => {
  // scipy.stats.norm.cdf, norm.ppf
  it.each([
    [-8, 6.22096057427174e-16],
    [-3.3, 0.00048342414238377744],
    [-0.4, 0.3445782583896758],
    [0, 0.5],
    [0.2, 0.579259709439103],
    [1.1, 0.8643339390536173],
    [5, 0.9999997133484281],
  ])('gives the probability below %f', (x, p) => {
    expect(Math.abs(normalProbability(x) / p - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [1e-10, -6.361340902404056],
    [0.005, -2.575829303548901],
    [0.3, -0.5244005127080409],
    [0.95, 1.6448536269514722],
    [0.999, 3.090232306167813],
  ])('gives the quantile %f', (p, x) => {
    expect(Math.abs(normalQuantile(p) / x - 1)).toBeLessThan(1e-12);
  });

  it('meets the ends and refuses what is no probability', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalProbability(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});

describe('sharpeSample', () => {
  // np: r.mean() / r.std(ddof=1), scipy.stats.skew(r), kurtosis(r, fisher=False)
  it('has the moments of numpy and scipy', () => {
    const r = Array.from({ length: 50 }, (_, i) => Math.sin(i * i * 1.7) * 0.01 + 0.001);
    const sample = sharpeSample([...r, Number.NaN]);
    expect(sample.count).toBe(50);
    expect(sample.ratio).toBeCloseTo(0.09340298820362569, 13);
    expect(sample.skewness).toBeCloseTo(0.08365205715146015, 12);
    expect(sample.kurtosis).toBeCloseTo(1.441530381895689, 12);
  });

  it('has no ratio where nothing varies', () => {
    expect(sharpeSample([0.1, 0.1, 0.1]).ratio).toBeNaN();
    expect(sharpeSample([0.1]).ratio).toBeNaN();
  });
});

const year = Math.sqrt(252);

describe('probabilisticSharpe', () => {
  // Bailey and López de Prado (2012), section 4: 24 months, SR 0.458 a month, skewness -2.448, kurtosis 10.164:
  // 0.913 above 0, but 0.982 if the returns were normal
  const fund = { ratio: 0.458, count: 24, skewness: -2.448, kurtosis: 10.164 };

  it('agrees with the published example', () => {
    expect(probabilisticSharpe(fund)).toBeCloseTo(0.913, 3);
    expect(probabilisticSharpe({ ...fund, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3);
  });

  it('is one half at the ratio itself and falls with the threshold', () => {
    expect(probabilisticSharpe(fund, fund.ratio)).toBe(0.5);
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(probabilisticSharpe(fund, low)).toBeGreaterThanOrEqual(probabilisticSharpe(fund, high));
        },
      ),
    );
  });

  it('takes the error of independent normal returns from Lo (2002)', () => {
    // sqrt((1 + SR^2 / 2) / (n - 1))
    expect(sharpeError({ ratio: 0.1, count: 101, skewness: 0, kurtosis: 3 })).toBeCloseTo(
      Math.sqrt(1.005 / 100),
      14,
    );
  });
});

describe('minTrackRecord', () => {
  // Bailey and López de Prado (2012), exhibit on the minimum track record: SR 2 a year against 1 at 95 %,
  // normal returns: 2.73 years of days, 2.83 of weeks, 3.24 of months
  it.each([
    [252, 2.73],
    [52, 2.83],
    [12, 3.24],
  ])('agrees with the published years at %i steps a year', (steps, years) => {
    const sample = { ratio: 2 / Math.sqrt(steps), count: 1000, skewness: 0, kurtosis: 3 };
    expect(minTrackRecord(sample, 1 / Math.sqrt(steps)) / steps).toBeCloseTo(years, 2);
  });

  it('is infinite for a ratio that is not above the threshold', () => {
    expect(minTrackRecord({ ratio: -0.1, count: 100, skewness: 0, kurtosis: 3 })).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('is the length at which the probabilistic ratio reaches the confidence', () => {
    const sample = { ratio: 2.5 / year, count: 0, skewness: -1, kurtosis: 6 };
    const count = minTrackRecord(sample, 0, 0.9);
    expect(probabilisticSharpe({ ...sample, count })).toBeCloseTo(0.9, 12);
  });
});

describe('deflatedSharpe', () => {
  // Bailey and López de Prado (2014), "A numerical example": SR 2.5 a year, 1250 days of 250 a year, skewness -3, kurtosis 10,
  // variance of the trials' ratios 1/2 a year: 100 trials expect 0.1132 a day, deflated 0.9004; 46 trials reach 0.9505;
  // normal returns reach 0.9505 with 88 trials
  const sample = { ratio: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 };
  const variance = 1 / 2 / 250;

  it('agrees with the published example', () => {
    expect(expectedMaxSharpe(100, variance)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(sample, { trials: 100, variance })).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe(sample, { trials: 46, variance })).toBeCloseTo(0.9505, 3);
    expect(deflatedSharpe({ ...sample, skewness: 0, kurtosis: 3 }, { trials: 88, variance })).toBeCloseTo(
      0.9505,
      3,
    );
  });

  it('is the probabilistic ratio for a single trial', () => {
    expect(deflatedSharpe(sample, { trials: 1, variance: Number.NaN })).toBe(probabilisticSharpe(sample));
  });
});
