import { describe, expect, it } from 'vitest';
import { loadOperators } from '../../../../components/data/expression/operator-set.ts';
import { parseExpression } from '../../../../components/data/expression/parse.ts';
import { aheadOf, windowOf } from '../../../../components/data/expression/tree.ts';
import {
  generalBacktestFields,
  generalFeatures,
} from '../../../../components/dataset/handler/high-freq-general.ts';

const names = ['DayLast', 'FFillNan', 'IsNull', 'Cut'];
const { operators } = await loadOperators([{ file: 'qlib.contrib.ops.high_freq', code: '', names }]);

// The literals are get_feature_config() of qlib 0.9.7's handlers, with self.day_length = 100 and these columns.
describe('generalFeatures', () => {
  it("are qlib's expressions and names", () => {
    expect(generalFeatures(100, ['$open', '$close'])).toEqual([
      [
        'Cut(FFillNan(If(IsNull($open), $close, $open)/DayLast(Ref(FFillNan($close), 200))), 200, None)',
        'Cut(FFillNan(If(IsNull($close), $close, $close)/DayLast(Ref(FFillNan($close), 200))), 200, None)',
        'Cut(FFillNan(Ref(If(IsNull($open), $close, $open), 100)/DayLast(Ref(FFillNan($close), 100))), 200, None)',
        'Cut(FFillNan(Ref(If(IsNull($close), $close, $close), 100)/DayLast(Ref(FFillNan($close), 100))), 200, None)',
        'Cut(If(IsNull($volume/Ref(DayLast(Mean($volume, 3000)), 100)), 0, $volume/Ref(DayLast(Mean($volume, 3000)), 100)), 200, None)',
        'Cut(If(IsNull(Ref($volume, 100)/Ref(DayLast(Mean($volume, 3000)), 100)), 0, Ref($volume, 100)/Ref(DayLast(Mean($volume, 3000)), 100)), 200, None)',
      ],
      ['$open', '$close', '$open_1', '$close_1', '$volume', '$volume_1'],
    ]);
  });

  it('look at no later row, and load thirty days before', () => {
    for (const text of generalFeatures(240, ['$open', '$vwap'])[0]) {
      const tree = parseExpression(text, operators);
      expect(aheadOf(tree)).toBeLessThanOrEqual(0);
      expect(windowOf(tree).right).toBe(0);
    }
    const [volume] = generalFeatures(240, [])[0];
    expect(windowOf(parseExpression(volume!, operators)).left).toBe(480 + 240 + 7199);
  });
});

describe('generalBacktestFields', () => {
  it("are qlib's expressions and names, in its order", () => {
    expect(generalBacktestFields(100, ['$volume', '$vwap', '$close', '$open'])).toEqual([
      [
        'Cut(FFillNan($close), 200, None)',
        'Cut(If(IsNull($vwap), FFillNan($close), $vwap), 200, None)',
        'Cut(If(IsNull($volume), 0, $volume), 200, None)',
      ],
      ['$close0', '$vwap0', '$volume0'],
    ]);
  });
});
