import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortPlaces, stableOrder } from '../../../components/core/stable-order.ts';

// few distinct values, so that ties are common
const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, -1, Number.NaN, Infinity, -Infinity));
const values = fc.oneof(
  fc.array(value, { maxLength: 100 }),
  fc.array(value, { minLength: 400, maxLength: 600 }),
);

describe('stableOrder', () => {
  it('sorts as a stable sort by a function that compares, NaN last either way', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (given, isDescending) => {
        const places = given.map((_, i) => i);
        const present = places.filter((i) => !Number.isNaN(given[i]!));
        present.sort((i, j) => {
          const [a, b] = isDescending ? [given[j]!, given[i]!] : [given[i]!, given[j]!];
          return a < b ? -1 : a > b ? 1 : i - j;
        });
        const missing = places.filter((i) => Number.isNaN(given[i]!));
        expect([...stableOrder(given, isDescending)]).toEqual([...present, ...missing]);
      }),
    );
  });
});

describe('sortPlaces', () => {
  it('sorts some places only, and leaves equal keys as they were', () => {
    const places = Uint32Array.of(5, 3, 0, 1);
    expect([...sortPlaces(places, [2, 1, 9, 2, 9, 1])]).toEqual([5, 1, 3, 0]);
  });
});
