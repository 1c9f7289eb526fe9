import { describe, expect, it } from 'vitest';
import { checkFeatureLeaks } from '../../../runner/config/rules/leaks.ts';

const told = (text: string, ...path: string[]) => checkFeatureLeaks([{ text, path }]).map((e) => e.problem);

describe('checkFeatureLeaks', () => {
  it('tells of a feature that looks ahead', () => {
    expect(told('Mean(Ref($close, -2), 3)/$close', 'config', 'feature', '0')).toEqual([
      'the feature Mean(Ref($close, -2), 3)/$close looks 2 days ahead: a look-ahead leak',
    ]);
  });

  it('lets labels look ahead, and features look back', () => {
    expect(told('Ref($close, -2)', 'config', 'label', '0')).toEqual([]);
    expect(told('Ref($close, 2)', 'config', 'feature', '0')).toEqual([]);
  });

  it('leaves what does not parse to others', () => {
    expect(told('Ref($close,', 'config', 'feature', '0')).toEqual([]);
  });
});
