import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstOf, orderOf } from '../../../../../components/model/gbdt/objective/dcg.ts';

test('the first places are those of the whole order, ties included', () => {
  const scores = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 120 }), (values, k) => {
      const score = Float64Array.from(values);
      expect([...firstOf(score, k)]).toEqual([...orderOf(score).subarray(0, k)]);
    }),
  );
});
