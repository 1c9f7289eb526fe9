import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankInto } from '../../../components/core/rank.ts';
import {
  extent,
  mean,
  median,
  pairwiseSum,
  populationStd,
  quantile,
  sampleStd,
  select,
} from '../../../components/core/stats.ts';

const numbers = fc.array(
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), fc.constant(Number.NaN)),
  { maxLength: 200 },
);

describe('pairwiseSum', () => {
  it('adds float32 as numpy does', () => {
    // x = (np.arange(20000) % 97).astype('f4') * np.float32(0.1); x.sum(), x[:1000].sum(), x[:7].sum()
    const x = Float32Array.from({ length: 20000 }, (_, i) => Math.fround((i % 97) * Math.fround(0.1)));
    expect(pairwiseSum(x, 0, x.length, Math.fround)).toBe(95928.90625);
    expect(pairwiseSum(x, 0, 1000, Math.fround)).toBe(4699.5);
    expect(pairwiseSum(x, 0, 7, Math.fround)).toBe(2.0999999046325684);
  });

  it('counts missing values as zero', () => {
    expect(pairwiseSum(Float64Array.of(1, Number.NaN, 2))).toBe(3);
  });
});

describe('mean, populationStd and sampleStd', () => {
  it('leave missing values out', () => {
    // np.nanmean, np.nanstd, pd.Series.std of [1, 2, nan, 4]
    const x = Float64Array.of(1, 2, Number.NaN, 4);
    expect(mean(x)).toBe(2.3333333333333335);
    expect(populationStd(x)).toBe(1.247219128924647);
    expect(sampleStd(x)).toBe(1.5275252316519465);
  });

  it('are NaN where too little is there', () => {
    expect(mean(new Float64Array(0))).toBeNaN();
    expect(sampleStd(Float64Array.of(1, Number.NaN))).toBeNaN();
    expect(populationStd(Float64Array.of(1, Number.POSITIVE_INFINITY))).toBeNaN();
  });
});

describe('median, select and quantile', () => {
  it('agree with sorting', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const x = Float64Array.from(list);
        const sorted = x.filter((value) => !Number.isNaN(value)).sort();
        const n = sorted.length;
        const middle = n % 2 === 1 ? sorted[n >> 1]! : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2;
        expect(median(x)).toEqual(n === 0 ? Number.NaN : middle);
        if (n === 0) {
          expect(quantile(x, q)).toBeNaN();
          return;
        }
        const at = Math.floor(q * (n - 1));
        expect(select(Float64Array.from(sorted).reverse(), at)).toBe(sorted[at]);
        const found = quantile(x, q);
        expect(found).toBeGreaterThanOrEqual(sorted[at]! - 1e-9);
        expect(found).toBeLessThanOrEqual(sorted[Math.min(at + 1, n - 1)]! + 1e-9);
      }),
    );
  });

  it('find the same in long float32 arrays, by bits', () => {
    const x = Float32Array.from({ length: 9001 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4));
    const sorted = x.slice().sort();
    expect(median(x)).toBe(sorted[4500]);
    expect(median(x.subarray(1))).toBe(
      Math.fround((x.slice(1).sort()[4499]! + x.slice(1).sort()[4500]!) / 2),
    );
  });

  it('interpolates between neighbours', () => {
    // np.nanquantile([1, 2, 4, nan, 8], 0.8)
    expect(quantile(Float64Array.of(1, 2, 4, Number.NaN, 8), 0.8)).toBeCloseTo(5.6, 12);
  });
});

describe('extent', () => {
  it('leaves missing values out', () => {
    expect(extent([Number.NaN, 3, -1])).toEqual({ min: -1, max: 3 });
    expect(extent([])).toEqual({ min: Number.NaN, max: Number.NaN });
  });
});

describe('rankInto', () => {
  it('gives ties their mean rank and leaves NaN out', () => {
    const out = new Float64Array(6);
    // pd.Series([2, nan, 1, 2, inf, -inf]).rank()
    const x = [2, Number.NaN, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(rankInto(x, out)).toBe(5);
    expect(Array.from(out)).toEqual([3.5, Number.NaN, 2, 3.5, 5, 1]);
  });

  it('keeps the order', () => {
    fc.assert(
      fc.property(numbers, (x) => {
        const out = new Float64Array(x.length);
        rankInto(x, out);
        for (let i = 1; i < x.length; i++)
          if (x[i]! < x[i - 1]!) expect(out[i]!).toBeLessThan(out[i - 1]!);
          else if (x[i]! === x[i - 1]!) expect(out[i]!).toBe(out[i - 1]!);
      }),
    );
  });
});
