import { describe, expect, it } from 'vitest';
import { CatBooster } from '../../../../components/model/catboost/booster.ts';
import { type CatEvaluation, trainCat } from '../../../../components/model/catboost/train.ts';
import { makeCase } from '../gbdt/made-data.ts';
import cases from './catboost-cases.json' with { type: 'json' };

describe('boosting equals catboost 1.2.10 (catboost_cases.py)', () => {
  for (const golden of cases)
    it(golden.name, async () => {
      const sets = [
        makeCase(700, golden.seed, golden.labels),
        makeCase(300, golden.seed + 990, golden.labels),
      ];
      const [data, valid] = sets.map(({ columns, label, weight }) =>
        golden.weights ? { columns, label, weight } : { columns, label },
      );
      const evals: CatEvaluation[] = [];
      const booster = await trainCat({
        params: golden.params,
        data: data!,
        valid: valid!,
        iterations: 20,
        stopAfter: golden.stop,
        onIteration: (_, evaluation) => evals.push(evaluation),
      });
      expect(booster.model.trees.length).toBe(golden.trees);
      expectNear(booster.model.trees[0]!.shrinkage, golden.learning_rate, 1e-7);
      expect(evals.length).toBe(golden.valid.length);
      for (const [i, value] of golden.train.entries()) expectNear(evals[i]!.train, value, 1e-6);
      for (const [i, value] of golden.valid.entries()) expectNear(evals[i]!.valid, value, 1e-6);
      const again = CatBooster.parse(booster.toJson());
      const pred = again.predict(valid!.columns, 300);
      for (const [i, value] of golden.pred.entries()) expectNear(pred[i]!, value, 1e-5);
    });
});

function expectNear(ours: number, theirs: number, relative: number): void {
  expect(Math.abs(ours - theirs), `${ours} for ${theirs}`).toBeLessThanOrEqual(
    relative * (Math.abs(theirs) + 1e-2),
  );
}
