import { describe, expect, it } from 'vitest';
import { loadOperators } from '../../../components/data/expression/operator-set.ts';
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

  it('knows that DayLast and BFillNan look ahead, unless what they stand on lies far enough back', async () => {
    const names = ['DayLast', 'BFillNan'];
    const { operators } = await loadOperators([{ file: 'qlib.contrib.ops.high_freq', code: '', names }]);
    const told = (text: string) =>
      checkFeatureLeaks([{ text, path: ['feature', '0'] }], operators).map((e) => e.problem);
    expect(told('$close/DayLast($close)')).toEqual([
      'the feature $close/DayLast($close) looks up to 239 rows ahead: a look-ahead leak',
    ]);
    expect(told('BFillNan($close)')[0]).toContain('looks any number of rows ahead');
    expect(told('$close/DayLast(Ref($close, 243))')).toEqual([]);
    expect(told('$volume/Ref(DayLast(Mean($volume, 7200)), 240)')).toEqual([]);
  });

  it('leaves what does not parse to others', () => {
    expect(told('Ref($close,', 'config', 'feature', '0')).toEqual([]);
  });
});
