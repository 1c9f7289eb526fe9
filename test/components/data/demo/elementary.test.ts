import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../../components/data/demo/elementary.ts';

const ulps = (ours: number, theirs: number) => Math.abs(ours - theirs) / (Number.EPSILON * Math.abs(theirs));

describe('exp and log', () => {
  // python: [math.exp(x) for x in (-2.5, 0, 1, 10)], [math.log(x) for x in (0.001, 0.75, 2, 12345.678)]
  it('give the known values', () => {
    const known: [(x: number) => number, number, number][] = [
      [exp, -2.5, 0.0820849986238988],
      [exp, 1, Math.E],
      [exp, 10, 22026.465794806718],
      [log, 0.001, -6.907755278982137],
      [log, 0.75, -0.2876820724517809],
      [log, 2, Math.LN2],
      [log, 12345.678, 9.421061321291832],
    ];
    for (const [f, x, y] of known) expect(ulps(f(x), y), `${f.name}(${x})`).toBeLessThan(2);
    expect([exp(0), log(1)]).toEqual([1, 0]);
  });

  it('stay within 4 units in the last place of those of Math', () => {
    fc.assert(
      fc.property(fc.double({ min: -600, max: 600, noNaN: true }), (x) => ulps(exp(x), Math.exp(x)) < 4),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        const theirs = Math.log(x);
        return Math.abs(log(x) - theirs) <= 2 * Number.EPSILON * Math.max(Math.abs(theirs), 1e-300);
      }),
      { seed: 1 },
    );
  });
});
