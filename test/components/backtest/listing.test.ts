import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonListing } from '../../../components/backtest/listing.ts';

const named = (letter: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `${letter}${from + i}`);

describe('pythonListing', () => {
  // PYTHONHASHSEED=0 python3.11: p = dict.fromkeys([*first, "cash", "now_account_value", *later]); list(set(p.keys()) - {"cash", "now_account_value", "cash_delay"})
  it.each([
    [[], [], []],
    [['A', 'B'], ['C'], ['B', 'C', 'A']],
    [named('S', 4), named('T', 6), 'S2 S3 T4 T0 S1 T5 T3 S0 T1 T2'.split(' ')],
    [[], named('S', 14), 'S2 S6 S13 S8 S0 S5 S11 S7 S3 S12 S4 S9 S1 S10'.split(' ')],
    [[], named('S', 15), 'S2 S6 S13 S8 S0 S5 S14 S11 S7 S3 S12 S4 S9 S1 S10'.split(' ')],
  ])('lists as a difference of sets does: %j and %j', (first, later, expected) => {
    expect(pythonListing()(first, later)).toEqual(expected);
  });

  // the same joined with commas, hashlib.sha256(...).hexdigest()[:16]
  it.each([
    [50, 'badba9edfac8b39f'],
    [300, '52419782b355fc51'],
    [5000, 'd8e558a1a67c7029'],
  ])('lists %d of which a third was there first', (count, expected) => {
    const list = pythonListing()(named('I', Math.floor(count / 3)), named('SH', count, 600000));
    expect(createHash('sha256').update(list.join()).digest('hex').slice(0, 16)).toBe(expected);
  });

  it('loses and adds nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })), fc.nat(), (given, cut) => {
        const names = given.filter((name) => name !== 'cash' && name !== 'now_account_value');
        const at = names.length === 0 ? 0 : cut % names.length;
        const list = pythonListing()(names.slice(0, at), names.slice(at));
        expect([...list].sort()).toEqual([...names].sort());
      }),
    );
  });
});
