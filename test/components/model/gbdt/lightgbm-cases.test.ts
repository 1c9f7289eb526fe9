import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Booster, refit, type TrainingData, train } from '../../../../components/model/gbdt/index.ts';
import cases from './lightgbm-cases.json' with { type: 'json' };
import { makeCase } from './made-data.ts';

describe('boosting grows the trees of lightgbm 4.7.0 (lightgbm_cases.py)', () => {
  for (const golden of cases)
    it(golden.name, async () => {
      const make = (rows: number, seed: number): TrainingData => {
        const { columns, label, weight } = makeCase(rows, seed, golden.labels);
        return {
          columns,
          label,
          weight: golden.weights ? weight : null,
          group: golden.queries ? new Array<number>(rows / 20).fill(20) : null,
        };
      };
      const data = make(700, golden.seed);
      const valid = make(300, golden.seed + 990);
      const clipped = (score: Float64Array, gradients: Float32Array, hessians: Float32Array) => {
        for (let i = 0; i < score.length; i++) {
          gradients[i] = Math.max(-0.25, Math.min(0.25, score[i]! - data.label[i]!));
          hessians[i] = 1;
        }
      };
      const { booster, evals } = await train({
        ...(golden.own_loss ? { objective: clipped } : {}),
        params: golden.params,
        data,
        rounds: 12,
        valids: [
          { name: 'train', data },
          { name: 'valid', data: valid },
        ],
      });
      const lines = booster.toText().split('\n');
      const kept =
        /^(split_feature|threshold|decision_type|left_child|right_child|leaf_count|cat_threshold)=/;
      const shape = lines.filter((line) => kept.test(line)).join('\n');
      expect(createHash('sha256').update(shape).digest('hex')).toBe(golden.shape);
      const leaves = booster.model.trees.flatMap((tree) => [...tree.leafValue]);
      const sums = [leaves.reduce((a, b) => a + b, 0), leaves.reduce((a, b) => a + Math.abs(b), 0)];
      for (const [i, sum] of golden.leaves.entries()) expectNear(sums[i]!, sum, 1e-9);
      for (const [set, metrics] of Object.entries(golden.evals))
        for (const [metric, value] of Object.entries<number>(metrics))
          expectNear(evals.get(set)!.get(metric)!.at(-1)!, value, 1e-9);
      const pred = booster.predict(valid.columns, 300);
      const contrib = booster.predict(valid.columns, 3, { kind: 'contrib' });
      expect(contrib.length).toBe(golden.contrib.length);
      for (const [i, value] of golden.contrib.entries()) expectNear(contrib[i]!, value, 1e-9);
      if (golden.refit) {
        const again = refit(Booster.parse(booster.toText()), { ...valid, weight: null }, { decayRate: 0.7 });
        const refitted = again.predict(valid.columns, 3);
        for (const [i, value] of golden.refit.entries()) expectNear(refitted[i]!, value, 1e-9);
      }
      if (golden.dump) {
        // Python reads its model back after training: few digits of gains and inner nodes
        const { tree_info, ...rest } = JSON.parse(JSON.stringify(Booster.parse(booster.toText()).dump()));
        expect(short({ tree: tree_info[0], ...rest })).toEqual(golden.dump);
      }
      for (const [i, value] of golden.pred.entries()) expectNear(pred[i]!, value, 1e-9);
    });
});

/** Numbers at 9 digits, as short_dump has them. */
function short(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(short);
  if (x !== null && typeof x === 'object')
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, short(v)]));
  return typeof x === 'number' ? Number(x.toPrecision(9)) : x;
}

function expectNear(ours: number, theirs: number, relative: number): void {
  expect(Math.abs(ours - theirs), `${ours} for ${theirs}`).toBeLessThanOrEqual(
    relative * (Math.abs(theirs) + 1e-3),
  );
}
