import { describe, expect, it } from 'vitest';
import { XgbBooster } from '../../../../components/model/xgb/booster.ts';
import { trainXgb } from '../../../../components/model/xgb/train.ts';
import { makeCase } from '../gbdt/made-data.ts';
import cases from './xgboost-cases.json' with { type: 'json' };

type Trees = Record<string, number[]>[];

describe('boosting grows the trees of xgboost 3.2.0 (xgboost_cases.py)', () => {
  for (const golden of cases)
    it(golden.name, async () => {
      const data = makeCase(700, golden.seed, golden.labels);
      const valid = makeCase(300, golden.seed + 990, golden.labels);
      const weigh = (set: ReturnType<typeof makeCase>) =>
        golden.weights ? set : { columns: set.columns, label: set.label };
      const train = weigh(data);
      const evals = new Map<string, number[]>();
      const booster = await trainXgb({
        params: golden.params,
        data: train,
        rounds: 8,
        stopAfter: golden.stop,
        evals: [
          { name: 'train', data: train },
          { name: 'valid', data: weigh(valid) },
        ],
        onIteration(_, evaluations) {
          for (const { set, metric, value } of evaluations) {
            const key = `${set} ${metric}`;
            evals.set(key, [...(evals.get(key) ?? []), value]);
          }
        },
      });
      const json = JSON.parse(booster.toJson()).learner;
      const base: number[] = json.learner_model_param.base_score.slice(1, -1).split(',').map(Number);
      expect(base.length).toBe(golden.base_scores.length);
      for (const [k, value] of golden.base_scores.entries()) expectNear(base[k]!, value, 1e-7);
      const all: Trees = json.gradient_booster.model.trees;
      expect(all.length).toBe(golden.count);
      expect(booster.model.bestIteration ?? -1).toBe(golden.best_iteration);
      const trees = [...all.slice(0, 2), all.at(-1)!];
      for (const [t, tree] of golden.trees.entries()) {
        const own = trees[t]!;
        for (const key of ['split_indices', 'left_children', 'right_children', 'default_left'] as const)
          expect(own[key], `tree ${t} ${key}`).toEqual(tree[key]);
        for (const [node, value] of tree.split_conditions.entries())
          expectNear(own['split_conditions']![node]!, value, tree.left_children[node]! < 0 ? 1e-5 : 0);
        for (const [node, value] of tree.sum_hessian.entries())
          expectNear(own['sum_hessian']![node]!, value, 1e-5);
      }
      for (const [set, metrics] of Object.entries(golden.evals))
        for (const [metric, values] of Object.entries<number[]>(metrics)) {
          const own = evals.get(`${set} ${metric}`)!;
          expect(own.length).toBe(values.length);
          for (const [i, value] of values.entries()) expectNear(own[i]!, value, 1e-6);
        }
      const again = XgbBooster.parse(booster.toJson());
      const pred = again.predict(valid.columns, 300);
      for (const [i, value] of golden.pred.entries()) expectNear(pred[i]!, value, 1e-5);
    });
});

describe('multi:softmax', () => {
  const made = makeCase(60, 3, 'classes');
  const { columns } = made;
  const label = Float32Array.from(made.label);
  const learn = (params: Record<string, unknown>, labels: Float32Array) =>
    trainXgb({
      params: { objective: 'multi:softmax', ...params },
      data: { columns, label: labels },
      rounds: 2,
    });

  it('needs the number of classes', async () => {
    await expect(learn({}, label)).rejects.toThrow('multi:softmax needs num_class');
  });

  it('refuses labels that are no class, and metrics of one score', async () => {
    const broken = label.slice();
    broken[7] = 1.5;
    await expect(learn({ num_class: 4 }, broken)).rejects.toThrow(
      'multi:softmax needs whole labels from 0 to 3, there is 1.5',
    );
    await expect(learn({ num_class: 4, eval_metric: 'rmse' }, label)).rejects.toMatchObject({
      hint: 'allowed: mlogloss, merror',
    });
  });

  it('predicts the class of the highest score', async () => {
    const booster = await learn({ num_class: 4, max_depth: 9, min_child_weight: 0, eta: 1 }, label);
    expect(booster.model.trees).toHaveLength(8);
    expect(new Set(booster.predict(columns, 60))).toEqual(new Set(label));
  });
});

function expectNear(ours: number, theirs: number, relative: number): void {
  expect(Math.abs(ours - theirs), `${ours} for ${theirs}`).toBeLessThanOrEqual(
    relative * (Math.abs(theirs) + 1e-2),
  );
}
