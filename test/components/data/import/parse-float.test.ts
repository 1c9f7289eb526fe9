import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pandasFloat } from '../../../../components/data/import/parse-float.ts';

describe('pandasFloat', () => {
  // pd.read_csv(io.StringIO('x,y\n' + '\n'.join(t + ',q' for t in texts))).x, pandas 2.2.3
  it.each([
    ['5476200753292.6126520', 5476200753292.613],
    ['0.30000000000000004', 0.3],
    ['92148.92276615573796', 92148.92276615571],
    ['123456789012345678.5', 1.2345678901234568e17],
    ['-636789.34641952e-97', -6.367893464195201e-92],
    ['5.6490e-183', 5.649000000000001e-183],
    ['1e-320', 1e-320],
    ['3.0000000000000000000001e5', 300000],
    ['00000000000000000001.5', 0],
    ['9007199254740993.5', 9007199254740992],
    ['0.0000010000000000000019', 0.000001],
  ])('reads %s as pandas does', (text, value) => {
    expect(pandasFloat(text)).toBe(value);
  });

  it('is Number for up to 15 digits and 22 decimals', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 15 }), fc.boolean(), (whole, decimals, isNegative) => {
        const digits = String(whole).slice(0, 15);
        const text = `${isNegative ? '-' : ''}${digits.slice(0, -decimals || undefined)}.${decimals ? digits.slice(-decimals) : ''}`;
        if (/\d/.test(text)) expect(pandasFloat(text)).toBe(Number(text));
      }),
    );
  });

  it('is within a few units in the last place of Number where no zero stands in front', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-290, max: 1e290 }), (value) => {
        expect(Math.abs(pandasFloat(value.toExponential()) / value - 1)).toBeLessThan(8 * Number.EPSILON);
      }),
    );
  });
});
