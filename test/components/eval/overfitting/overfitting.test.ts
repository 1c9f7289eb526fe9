import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtestOverfitting } from '../../../../components/eval/overfitting/cscv.ts';
import {
  stationaryDeviation,
  superiorAbility,
} from '../../../../components/eval/overfitting/reality-check.ts';

/** mulberry32 */
function uniforms(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
function normals(seed: number): () => number {
  const u = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
}
const noise = (strategies: number, days: number, seed: number, drift = (_: number) => 0) => {
  const normal = normals(seed);
  return Array.from({ length: strategies }, (_, k) =>
    Float64Array.from({ length: days }, () => normal() + drift(k)),
  );
};

describe('backtestOverfitting', () => {
  it('equals a calculation by hand', () => {
    // two blocks of two days, two strategies. Sharpe ratios: block 1: A (2+4)/2 / sqrt(2) = 2.12, B 0.5/0.707 = 0.71;
    // block 2: A -1/1.41 = -0.71, B 3/1.41 = 2.12. In sample block 1: A, out of sample last of two: w = 1/3; block 2: B, again last.
    const found = backtestOverfitting(
      [
        [2, 4, 0, -2],
        [1, 0, 2, 4],
      ],
      2,
    );
    expect([...found.logits]).toEqual([Math.log(0.5), Math.log(0.5)].map((x) => expect.closeTo(x, 12)));
    expect(found).toMatchObject({ probability: 1, splits: 2, probabilityOfLoss: 0.5 });
  });

  it('takes all C(S, S/2) splits and leaves the first days out that fill no block', () => {
    const data = noise(3, 103, 1);
    const found = backtestOverfitting(data, 10);
    expect(found.splits).toBe(252);
    expect(found.probability).toBe(
      backtestOverfitting(
        data.map((r) => r.slice(3)),
        10,
      ).probability,
    );
  });

  it('is near one half for noise and near none for a strategy that is really better', () => {
    // means over 20 draws: a single draw scatters widely
    const mean = (drift: (k: number) => number) => {
      let sum = 0;
      for (let seed = 0; seed < 20; seed++)
        sum += backtestOverfitting(noise(10, 400, seed, drift), 8).probability / 20;
      return sum;
    };
    expect(mean(() => 0)).toBeGreaterThan(0.35);
    expect(mean(() => 0)).toBeLessThan(0.65);
    expect(mean((k) => (k === 4 ? 0.5 : 0))).toBeLessThan(0.01);
  });

  it('does not change when the strategies change places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const data = noise(5, 64, seed);
        const other = [...data].reverse();
        expect(backtestOverfitting(other, 6).probability).toBe(backtestOverfitting(data, 6).probability);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a single strategy', () => {
    expect(() => backtestOverfitting([[1, 2, 3]])).toThrow(/two strategies/);
  });
});

describe('superiorAbility', () => {
  it('has the size that it promises under the null, in about the share of the draws', () => {
    let [rejected, draws] = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const { spaUpper, realityCheck } = superiorAbility(noise(5, 120, seed + 100), {
        uniform: uniforms(seed),
        resamples: 200,
        meanBlock: 1,
      });
      if (spaUpper < 0.1) rejected++;
      expect(realityCheck).toBeGreaterThanOrEqual(0);
      draws++;
    }
    // 10 % of 60 is 6; 3 standard deviations are 7
    expect(rejected).toBeLessThanOrEqual(13);
    expect(draws).toBe(60);
  });

  it('sees a strategy that is really better', () => {
    const found = superiorAbility(
      noise(10, 500, 3, (k) => (k === 7 ? 0.3 : 0)),
      { uniform: uniforms(1), resamples: 500 },
    );
    expect(found.best).toBe(7);
    expect(found.spa).toBeLessThan(0.01);
    expect(found.realityCheck).toBeLessThan(0.01);
  });

  it('orders its bounds, and is not spoilt by poor strategies as the reality check is', () => {
    const data = noise(20, 400, 5, (k) => (k === 0 ? 0.12 : -1));
    // poor and wild: what White's statistic, not studentised, trips over
    const wild = data.map((f, k) => (k === 0 ? f : f.map((x) => 5 * x)));
    const found = superiorAbility(wild, { uniform: uniforms(2), resamples: 500 });
    expect(found.spaLower).toBeLessThanOrEqual(found.spa);
    expect(found.spa).toBeLessThanOrEqual(found.spaUpper);
    expect(found.spa).toBeLessThan(found.realityCheck);
  });

  it('equals the bootstrap of the variance that it replaces', () => {
    const [values] = noise(1, 80, 9);
    const mean = values!.reduce((a, b) => a + b, 0) / 80;
    const uniform = uniforms(4);
    const block = 5;
    let [sum, squares] = [0, 0];
    const draws = 20_000;
    for (let b = 0; b < draws; b++) {
      let s = 0;
      for (let i = 0, at = 0; i < 80; i++) {
        at = i === 0 || uniform() * block < 1 ? Math.floor(uniform() * 80) : (at + 1) % 80;
        s += values![at]!;
      }
      sum += s / 80;
      squares += (s / 80) ** 2;
    }
    const bootstrap = Math.sqrt(squares / draws - (sum / draws) ** 2);
    expect(stationaryDeviation(values!, mean, block) / bootstrap).toBeCloseTo(1, 1);
  });
});
