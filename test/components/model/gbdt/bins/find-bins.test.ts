import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBins } from '../../../../../components/model/gbdt/bins/find-bins.ts';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -40, max: 40 }).map((v) => Math.fround(v / 7)) },
  {
    weight: 4,
    arbitrary: fc.float({ noNaN: true, min: Math.fround(-1e9), max: Math.fround(1e9) }),
  },
  { weight: 1, arbitrary: fc.constantFrom(1, 1, 1, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
/** Runs of equal values, some of them long. */
const sample = fc
  .array(fc.tuple(value, fc.oneof(fc.constant(1), fc.constant(1), fc.integer({ min: 1, max: 60 }))), {
    maxLength: 150,
  })
  .map((runs) =>
    Float32Array.from(runs.flatMap(([x, n]) => new Array<number>(n).fill(x)))
      .filter((x) => Math.abs(x) > 1e-35)
      .sort(),
  );

describe('findBins', () => {
  it('finds the same bins of values of single precision as where equal ones are counted first', () => {
    fc.assert(
      fc.property(
        sample,
        fc.nat(50),
        fc.nat(50),
        fc.record({
          maxBin: fc.oneof(fc.integer({ min: 2, max: 40 }), fc.constant(255)),
          minDataInBin: fc.integer({ min: 0, max: 8 }),
          useMissing: fc.boolean(),
          zeroAsMissing: fc.boolean(),
          minSplitRows: fc.option(fc.nat(30)),
        }),
        (sorted, zeros, nanRows, rules) => {
          const rows = sorted.length + zeros + nanRows;
          fc.pre(rows > 0);
          // doubles are counted: none of these are neighbours
          const counted = findBins({ sorted: Float64Array.from(sorted), nanRows, rows }, rules);
          expect(findBins({ sorted, nanRows, rows }, rules)).toEqual(counted);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
