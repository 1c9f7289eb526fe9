import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBootstrap } from '../../../components/eval/block-bootstrap.ts';
import { neweyWest } from '../../../components/eval/newey-west.ts';

const series = Float64Array.from(
  { length: 250 },
  (_, i) => ((i * 7919) % 101) / 101 - 0.5 + 0.3 * Math.sin(i / 5),
);

describe('neweyWest', () => {
  // numpy: x = np.array([((i*7919)%101)/101-0.5+0.3*np.sin(i/5) for i in range(250)]); d = x - x.mean(); L = int(4*(250/100)**(2/9));
  // S = sum((1 if l==0 else 2*(1-l/(L+1)))*(d[l:]@d[:n-l])/n for l in range(L+1)); np.sqrt(S/n)
  it('has the figures of numpy', () => {
    const { mean, standardError, t, lags, count } = neweyWest(series);
    expect([lags, count]).toEqual([4, 250]);
    expect(mean).toBeCloseTo(-0.008029112009685814, 14);
    expect(standardError).toBeCloseTo(0.02992940877923763, 14);
    expect(t).toBeCloseTo(-0.2682683132469927, 12);
  });

  it('knows no t of one value, none, or a constant', () => {
    expect(neweyWest(Float64Array.of(1)).t).toBeNaN();
    expect(neweyWest(new Float64Array(0)).mean).toBeNaN();
    expect(neweyWest(new Float64Array(10))).toMatchObject({ mean: 0, standardError: 0, t: Number.NaN });
  });
});

describe('blockBootstrap', () => {
  it('gives the same interval for the same seed, and another for another', () => {
    const of = (seed: number) => blockBootstrap(series, { samples: 500, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('is about as wide as the error of the mean where values are independent', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1009) / 1009);
    const { low, high } = blockBootstrap(values, { samples: 4000, seed: 3, blockLength: 1 });
    const error = neweyWest(values, 0).standardError;
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.07);
  });

  it('lies within the values, and is a point for a constant', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.nat(1000),
        (values, seed) => {
          const { low, high } = blockBootstrap(Float64Array.from(values), { samples: 100, seed });
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        },
      ),
    );
    expect(blockBootstrap(new Float64Array(7).fill(2), { samples: 100, seed: 0 })).toMatchObject({
      low: 2,
      high: 2,
    });
  });
});
