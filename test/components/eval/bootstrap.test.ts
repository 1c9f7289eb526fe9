import { describe, expect, it } from 'vitest';
import { blockLength } from '../../../components/eval/block-length.ts';
import { bootstrapInterval, meanFigure, ratioFigure } from '../../../components/eval/bootstrap.ts';

const noise = Array.from({ length: 300 }, (_, i) => Math.sin(i * i * 1.7));
/** y_t = 0.8 y_(t-1) + noise */
const persistent = noise.map(() => 0);
for (let i = 1; i < 300; i++) persistent[i] = 0.8 * persistent[i - 1]! + noise[i]!;

describe('blockLength', () => {
  // arch 8.0.0, bootstrap/base.py _single_optimal_block, "stationary", with opt_m = i - kn - 1: arch itself takes the first quiet lag
  // where the paper has the last one before (13.943566)
  it('agrees with arch on a persistent series', () => {
    expect(blockLength(Float64Array.from(persistent))).toBeCloseTo(13.851997250510832, 9);
  });

  it('is at least 1, also where nothing varies', () => {
    expect(blockLength(Float64Array.from(noise.slice(0, 200)))).toBe(1);
    expect(blockLength(new Float64Array(50).fill(2))).toBe(1);
    expect(blockLength(Float64Array.of(1, 2))).toBe(1);
  });
});

/** The same resamples with the length of each block from its logarithm. */
function byLogarithm(values: readonly number[], meanBlock: number, resamples: number): number[] {
  let state = 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
  const n = values.length;
  return Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let left = n; left > 0; ) {
      const from = Math.floor(next() * n);
      const drawn = 1 + Math.floor(Math.log(next() + 0.5 / 2 ** 32) / Math.log(1 - 1 / meanBlock));
      for (let k = 0; k < Math.min(drawn, left); k++) sum += values[(from + k) % n]!;
      left -= Math.min(drawn, left);
    }
    return sum / n;
  }).sort((a, b) => a - b);
}

describe('bootstrapInterval', () => {
  it.each([1.2, 2, 7.5, 40, 299])('has blocks of geometric lengths, %f in the mean', (meanBlock) => {
    const means = byLogarithm(noise, meanBlock, 101);
    // of 101 sorted means the 11th and the 91st
    const { low, high } = bootstrapInterval(noise, meanFigure, { meanBlock, resamples: 101, level: 0.8 });
    expect(low).toBeCloseTo(means[10]!, 12);
    expect(high).toBeCloseTo(means[90]!, 12);
  });

  it('is about as wide as theory says for independent values', () => {
    const { low, high } = bootstrapInterval(noise, meanFigure, { meanBlock: 1, resamples: 4000 });
    const mean = noise.reduce((a, b) => a + b, 0) / 300;
    const error = Math.sqrt(noise.reduce((a, b) => a + (b - mean) ** 2, 0) / 300 / 300);
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.95);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.05);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  // numpy, 600,000 resamples of x = [((i*7919)%101)/101 - 0.5 + 0.3*sin(i/5) + 0.05 for i in range(250)]: the first place of a resample and, with
  // probability 1/8, any other are drawn anew, else the next of the ring follows; np.quantile(means, [.025, .975]), the same of mean / std(ddof=1)
  it('has the quantiles of a plain stationary bootstrap in numpy', () => {
    const x = Array.from(
      { length: 250 },
      (_, i) => ((i * 7919) % 101) / 101 - 0.5 + 0.3 * Math.sin(i / 5) + 0.05,
    );
    const options = { meanBlock: 8, resamples: 40_000 };
    for (const [figure, low, high] of [
      [meanFigure, -0.01808662356939722, 0.10188775717626491],
      [ratioFigure, -0.05106420200465452, 0.2861998425798303],
    ] as const) {
      const interval = bootstrapInterval(x, figure, options);
      const width = high - low;
      expect(Math.abs(interval.low - low) / width).toBeLessThan(0.01);
      expect(Math.abs(interval.high - high) / width).toBeLessThan(0.01);
    }
  });

  it('is wider for a persistent series, in blocks, than if its values were independent', () => {
    const width = (meanBlock: number) => {
      const { low, high } = bootstrapInterval(persistent, meanFigure, { meanBlock });
      return high - low;
    };
    expect(width(14)).toBeGreaterThan(1.8 * width(1));
  });

  it('is the same for the same seed, and does not see NaN', () => {
    const again = bootstrapInterval([Number.NaN, ...noise, Number.NaN], ratioFigure, { seed: 3 });
    expect(again).toEqual(bootstrapInterval(noise, ratioFigure, { seed: 3 }));
    expect(again).not.toEqual(bootstrapInterval(noise, ratioFigure, { seed: 4 }));
  });

  it('draws fewer resamples of a long series', () => {
    const long = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i * i));
    expect(bootstrapInterval(long, meanFigure, { meanBlock: 1 }).resamples).toBe(100);
    expect(bootstrapInterval(noise, meanFigure).resamples).toBe(1000);
  });

  it('is NaN for fewer than two values', () => {
    expect(bootstrapInterval([1], meanFigure).low).toBeNaN();
  });

  it('covers the true mean about as often as it says', () => {
    // 200 series of 60 independent values of mean 0
    let covered = 0;
    for (let s = 0; s < 200; s++) {
      const series = Array.from({ length: 60 }, (_, i) => {
        const h = Math.imul(i * 200 + s + 1, 0x9e3779b1);
        return ((Math.imul(h ^ (h >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32) * 2 - 1;
      });
      const { low, high } = bootstrapInterval(series, meanFigure, { resamples: 400, meanBlock: 1 });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });
});
