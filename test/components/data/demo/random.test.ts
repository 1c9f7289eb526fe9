import { describe, expect, it } from 'vitest';
import { Random } from '../../../../components/data/demo/random.ts';

const sample = (count: number, draw: () => number) => Float64Array.from({ length: count }, draw);
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

describe('Random', () => {
  it('gives the same numbers for the same seed and stream, others otherwise', () => {
    const first = (seed: number, stream: number) => {
      const random = new Random(seed, stream);
      return [random.uniform(), random.normal(), random.shock()];
    };
    expect(first(7, 1)).toEqual(first(7, 1));
    expect(first(7, 2)).not.toEqual(first(7, 1));
    expect(first(8, 1)).not.toEqual(first(7, 1));
  });

  it('fills (0, 1) evenly', () => {
    const random = new Random(1, 1);
    const counts = new Array(10).fill(0);
    for (let k = 0; k < 100_000; k++) counts[Math.floor(10 * random.uniform())]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws normals and shocks of mean 0 and variance 1, shocks with heavier tails', () => {
    const random = new Random(2, 1);
    for (const [draw, kurtosis] of [
      [() => random.normal(), 3],
      [() => random.shock(), 4.33],
    ] as const) {
      const values = sample(400_000, draw);
      expect(mean(values)).toBeCloseTo(0, 2);
      expect(mean(values.map((x) => x * x))).toBeCloseTo(1, 1.5);
      expect(Math.abs(mean(values.map((x) => x ** 4)) - kurtosis)).toBeLessThan(0.3);
    }
  });
});
