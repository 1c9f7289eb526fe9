import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinct } from '../../../../../components/model/gbdt/bins/distinct.ts';
import { findBins } from '../../../../../components/model/gbdt/bins/find-bins.ts';

const sample = fc
  .array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.float({ noNaN: true, noDefaultInfinity: true })), {
    maxLength: 60,
  })
  .map((values) => Float32Array.from(values.filter((x) => x !== 0)).sort());

describe('distinct', () => {
  it('puts zero between the signs', () => {
    const { values, counts } = distinct(Float32Array.of(-2, -2, -1, 3, 3, 3), 4);
    expect([...values]).toEqual([-2, -1, 0, 3]);
    expect([...counts]).toEqual([2, 1, 4, 3]);
  });

  it('finds the same whatever its working memory holds', () => {
    fc.assert(
      fc.property(sample, fc.nat(9), fc.double(), (sorted, zeros, dirt) => {
        const space = {
          values: new Float64Array(sorted.length + 2).fill(dirt),
          counts: new Float64Array(sorted.length + 2).fill(dirt),
        };
        expect(distinct(sorted, zeros, space)).toEqual(distinct(sorted, zeros));
      }),
    );
  });

  it('is not told from the bins where its working memory is shared by columns', () => {
    const rules = {
      maxBin: 7,
      minDataInBin: 2,
      useMissing: true,
      zeroAsMissing: false,
      minSplitRows: null,
    };
    const space = { values: new Float64Array(62), counts: new Float64Array(62) };
    fc.assert(
      fc.property(sample, fc.nat(9), (sorted, zeros) => {
        const own = { sorted, nanRows: 1, rows: sorted.length + zeros + 1 };
        expect(findBins({ ...own, space }, rules)).toEqual(findBins(own, rules));
      }),
    );
  });
});
