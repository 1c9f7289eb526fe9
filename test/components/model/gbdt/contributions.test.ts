import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../components/core/package-root.ts';
import { Booster } from '../../../../components/model/gbdt/booster.ts';
import { contributions } from '../../../../components/model/gbdt/contributions.ts';

// lightgbm 4.7: rng = np.random.default_rng(3); X = rng.normal(size=(400, 5)); X[rng.random(X.shape) < .1] = np.nan;
// y = np.nan_to_num(X[:, 0]) * 2 + np.nan_to_num(X[:, 1] * X[:, 2]) + rng.normal(size=400) * .1;
// b = lgb.train(dict(objective='regression', num_leaves=7, min_data_in_leaf=10), lgb.Dataset(X, y), 6);
// b.save_model('contributions-model.txt'); b.predict(X[:4], pred_contrib=True)
const rows: readonly (readonly (number | null)[])[] = [
  [2.0409191213851825, -2.5556650313141818, null, -0.5677696061279298, -0.45264929211044586],
  [null, -2.019986129147251, -0.23193237764418947, -0.8652130762749417, 3.3229995166448827],
  [0.22578661322792176, -0.3526307943415954, -0.2812874181513504, -0.6680463461089501, -1.0551505512051214],
  [-0.39080097723465473, 0.48194538850678587, null, 0.9577587029597641, -0.19980212906658],
];
const wanted: readonly (readonly number[])[] = [
  [1.762457321018425, 0.0, 0.0015843136713237448, 0.0, 0.0, 0.06490741885111492],
  [-0.015362839529366703, 0.0, 0.0015843136713237448, 0.0, 0.0, 0.06490741885111492],
  [0.03403613290285107, 0.0, 0.0015843136713237448, 0.0, 0.0, 0.06490741885111492],
  [-0.5418752649572951, 0.0, 0.0015843136713237448, 0.0, 0.0, 0.06490741885111492],
];

const booster = Booster.parse(
  readFileSync(join(packageRoot(), 'test/components/model/gbdt/contributions-model.txt'), 'utf8'),
);
const readRow = (row: readonly (number | null)[]) => (feature: number) => row[feature] ?? Number.NaN;

describe('contributions', () => {
  it('agrees with the pred_contrib of lightgbm', () => {
    for (const [i, row] of rows.entries()) {
      const { features, expected } = contributions(booster.model, readRow(row))!;
      for (const [j, x] of [...features, expected].entries()) expect(x).toBeCloseTo(wanted[i]![j]!, 10);
    }
  });

  it('sums up to the raw score', () => {
    for (let s = 0; s < 50; s++) {
      const row = Array.from({ length: 5 }, (_, j) => (s % 7 === j ? null : Math.sin(s * 5 + j) * 2));
      const { features, expected } = contributions(booster.model, readRow(row))!;
      const columns = row.map((x) => ({ values: Float64Array.of(x ?? Number.NaN), rows: null }));
      const [raw] = booster.predict(columns, 1, { kind: 'raw' });
      expect(features.reduce((a, b) => a + b, expected)).toBeCloseTo(raw!, 10);
    }
  });
});
