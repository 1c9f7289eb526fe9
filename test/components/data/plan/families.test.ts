import { describe, expect, it } from 'vitest';
import { fieldFamilies } from '../../../../components/data/plan/families.ts';
import { makePlan } from '../../../../components/data/plan/plan.ts';
import { alpha158Features } from '../../../../components/dataset/handler/alpha158-features.ts';

const range = { from: 100, to: 400 };
const families = (expressions: readonly string[]) => fieldFamilies(makePlan(expressions, range));

describe('fieldFamilies', () => {
  it('puts fields of one window together', () => {
    expect(
      families([
        '$close/$open',
        'Slope($close, 5)',
        'Mean($close, 5)',
        'Resi($close, 5)',
        'Resi($close, 10)',
      ]),
    ).toEqual([[0], [1, 3], [2], [4]]);
  });

  it('is not bound by what nearly all fields share', () => {
    const shared = Array.from({ length: 9 }, (_, i) => `Mean($close/Ref($close, 1) - ${i + 1}, 5)`);
    expect(families(shared)).toHaveLength(9);
    expect(families(shared.slice(0, 3))).toHaveLength(1);
  });

  it('holds every field of Alpha158 once, in families of a few', () => {
    const fields = alpha158Features();
    const found = families(fields.map((f) => f.expression));
    expect(found.flat().sort((a, b) => a - b)).toEqual(fields.map((_, i) => i));
    expect(Math.max(...found.map((family) => family.length))).toBeLessThanOrEqual(12);
    expect(found.length).toBeLessThan(110);
  });
});
