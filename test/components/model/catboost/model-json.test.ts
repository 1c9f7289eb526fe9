import { describe, expect, it } from 'vitest';
import { CatBooster } from '../../../../components/model/catboost/booster.ts';
import { makeCase } from '../gbdt/made-data.ts';
import models from './catboost-models.json' with { type: 'json' };

describe('model files of catboost 1.2.10 (catboost_cases.py)', () => {
  const { columns } = makeCase(700, 80, 'real');
  for (const { name, model, pred } of models)
    it(`predicts with a ${name} one, and writes it again`, () => {
      const booster = CatBooster.parse(JSON.stringify(model));
      const own = booster.predict(columns, 50);
      for (const [i, value] of pred.entries()) expect(own[i]).toBeCloseTo(value, 12);
      const again = JSON.parse(booster.toJson());
      const kind = name === 'symmetric' ? 'oblivious_trees' : 'trees';
      expect(again[kind]).toEqual((model as Record<string, unknown>)[kind]);
    });
  it('refuses other files, other losses and categories', () => {
    const { model } = models[0]!;
    const parse = (change: object) => () => CatBooster.parse(JSON.stringify({ ...model, ...change }));
    expect(parse({ scale_and_bias: undefined })).toThrow('the file is no CatBoost model');
    expect(parse({ model_info: { params: { loss_function: { type: 'MAE' } } } })).toThrow('the loss MAE');
    const split = { split_type: 'OneHotFeature', float_feature_index: 0, border: 1, split_index: 0 };
    const tree = { splits: [split], leaf_values: [1, 2], leaf_weights: [1, 1] };
    expect(parse({ oblivious_trees: [tree] })).toThrow('OneHotFeature');
  });
});
