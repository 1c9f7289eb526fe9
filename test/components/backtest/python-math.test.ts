import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../../components/backtest/mersenne-twister.ts';
import { pythonFloat } from '../../../components/backtest/python-float.ts';
import {
  firstItems,
  floorDivide,
  isClose,
  pyMax,
  pyMin,
  roundHalfEven,
} from '../../../components/backtest/python-math.ts';

describe('floorDivide', () => {
  // python -c "print([a // b for a, b in ((1.0, .1), (7.3, .1), (-7.5, 2.), (.3, .1), (6., 2.), (123456.7, 7.25))])"
  it('floors the exact quotient', () => {
    const pairs = [[1, 0.1], [7.3, 0.1], [-7.5, 2], [0.3, 0.1], [6, 2], [123456.7, 7.25]] as const; // biome-ignore format: pairs
    expect(pairs.map(([a, b]) => floorDivide(a, b))).toEqual([9, 72, -4, 2, 3, 17028]);
  });

  it('is whole, and leaves a rest in [0, b)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        (a, b) => {
          const q = floorDivide(a, b);
          expect(Number.isInteger(q)).toBe(true);
          expect(q * b).toBeLessThanOrEqual(a * (1 + 1e-12));
          expect((q + 1) * b).toBeGreaterThanOrEqual(a * (1 - 1e-12));
        },
      ),
    );
  });
});

describe("Python's min and max", () => {
  it('let NaN win in the first place only', () => {
    expect([pyMin(Number.NaN, 1), pyMin(1, Number.NaN), pyMax(Number.NaN, 1), pyMax(1, Number.NaN)]).toEqual([
      Number.NaN,
      1,
      Number.NaN,
      1,
    ]);
  });
});

describe('isClose', () => {
  // python -c "import numpy as np; print(np.isclose([500.000001, 500.01, 0, np.nan, np.inf], [500, 500, 1e-9, np.nan, np.inf]))"
  it('has tolerances of 1e-5 relative and 1e-8 absolute', () => {
    const pairs = [[500.000001, 500], [500.01, 500], [0, 1e-9], [Number.NaN, Number.NaN], [1 / 0, 1 / 0]] as const; // biome-ignore format: pairs
    expect(pairs.map(([a, b]) => isClose(a, b))).toEqual([true, false, true, false, true]);
  });
});

describe('firstItems', () => {
  it('counts from the end for negative numbers, as list[:n] does', () => {
    const list = ['a', 'b', 'c'];
    expect([2, 0, -1, -5, 9].map((n) => firstItems(list, n).join(''))).toEqual(['ab', '', 'ab', '', 'abc']);
  });
});

describe('roundHalfEven', () => {
  // python -c "import numpy as np; print(np.round([.5, 1.5, 2.5, -1.5, 2.4, 2.6]))"
  it('sends halves to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, -1.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, -2, 2, 3]);
  });
});

describe('MersenneTwister', () => {
  // python -c "import random; random.seed(0); x = list(range(20)); random.shuffle(x); print(x)"
  it('shuffles as Python does', () => {
    const order = [10, 18, 16, 14, 0, 17, 11, 2, 3, 9, 5, 7, 4, 19, 6, 15, 8, 1, 13, 12];
    expect(new MersenneTwister(0).shuffled(Array.from({ length: 20 }, (_, i) => i))).toEqual(order);
  });

  // the same with range(700), past the first 624 words
  it('goes on after its first words', () => {
    const order = new MersenneTwister(0).shuffled(Array.from({ length: 700 }, (_, i) => i));
    expect(order.slice(0, 8)).toEqual([160, 320, 88, 182, 559, 491, 291, 130]);
    expect(order.slice(-8)).toEqual([310, 414, 497, 523, 265, 41, 430, 394]);
  });

  it('loses and doubles nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        expect(new MersenneTwister(seed).shuffled(items).sort()).toEqual([...items].sort());
      }),
    );
  });
});

describe('pythonFloat', () => {
  // python -c "print([str(x) for x in (343022.0, 1e16, 123456789012345.6, 1e-05, .0001, float('nan'), -0.0)])"
  it('shows a float as str does', () => {
    const shown = [343022, 1e16, 123456789012345.6, 1e-5, 0.0001, Number.NaN, -0].map(pythonFloat);
    expect(shown).toEqual(['343022.0', '1e+16', '123456789012345.6', '1e-05', '0.0001', 'nan', '-0.0']);
  });
});
