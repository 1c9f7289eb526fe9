import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rollingExtreme, rollingSorted } from '../../../../components/data/kernels/order.ts';

const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
);
const series = fc.array(value, { minLength: 1, maxLength: 40 });
const window = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(2 ** 31 - 1));

/** The last `w` values up to row `i`. */
const windowAt = (x: readonly number[], i: number, w: number) => x.slice(Math.max(0, i - w + 1), i + 1);
const present = (x: readonly number[]) => x.filter((v) => !Number.isNaN(v));

/** numpy's argmax or argmin, counted from 1: the first NaN, else the first of the best; NaN where all are missing. */
function placeOf(x: readonly number[], best: (...values: number[]) => number): number {
  const there = present(x);
  if (there.length === 0) return Number.NaN;
  const missing = x.findIndex(Number.isNaN);
  return (missing >= 0 ? missing : x.indexOf(best(...there))) + 1;
}

describe('rollingExtreme', () => {
  for (const [name, largest, best] of [
    ['largest', true, Math.max],
    ['least', false, Math.min],
  ] as const)
    it(`finds the ${name} value and its place by definition`, () => {
      fc.assert(
        fc.property(series, window, (x, w) => {
          const n = x.length;
          const values = new Float64Array(n);
          const places = new Float64Array(n);
          rollingExtreme(largest, Float64Array.from(x), values, places, n, w, new Float64Array(n + 1));
          for (let i = 0; i < n; i++) {
            const there = present(windowAt(x, i, w));
            expect(values[i]! + 0, `value of row ${i}`).toBe(
              there.length === 0 ? Number.NaN : best(...there),
            );
            expect(places[i], `place of row ${i}`).toBe(placeOf(windowAt(x, i, w), best));
          }
        }),
        { numRuns: 500 },
      );
    });
});

describe('rollingSorted', () => {
  it('finds ranks, medians and quantiles by definition', () => {
    fc.assert(
      fc.property(series, window, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (x, w, q) => {
        const n = x.length;
        const column = () => new Float64Array(n);
        const [rank, rankShare, median, out] = [column(), column(), column(), column()];
        rollingSorted(
          Float64Array.from(x),
          { rank, rankShare, median, quantiles: [{ q, out }] },
          n,
          w,
          new Float64Array(n + 1),
        );
        for (let i = 0; i < n; i++) {
          const there = present(windowAt(x, i, w)).sort((a, b) => a - b);
          const below = there.filter((v) => v < x[i]!).length;
          const equal = there.filter((v) => v === x[i]).length;
          const mean = Number.isNaN(x[i]!) ? Number.NaN : below + (equal + 1) / 2;
          expect(rank[i]).toBe(mean);
          expect(rankShare[i]).toBe(mean / there.length);
          if (there.length === 0) {
            expect([median[i], out[i]]).toEqual([Number.NaN, Number.NaN]);
            continue;
          }
          const between = (share: number) => {
            const place = share * (there.length - 1);
            const low = there[Math.floor(place)]!;
            return low + (there[Math.ceil(place)]! - low) * (place - Math.floor(place));
          };
          expect(median[i]! + 0).toBeCloseTo(between(0.5), 12);
          expect(out[i]! + 0).toBeCloseTo(between(q), 12);
        }
      }),
      { numRuns: 300 },
    );
  });
});
