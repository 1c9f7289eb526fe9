import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { defaultLearningRate, resolveCatParams } from '../../../components/model/catboost/params.ts';
import { resolveOptions } from '../../../components/model/double-ensemble/options.ts';
import { makeXgbMetrics } from '../../../components/model/xgb/metrics.ts';
import { resolveXgbParams } from '../../../components/model/xgb/params.ts';

function fault(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parameters of XGBModel', () => {
  it('resolves aliases and keeps defaults', () => {
    const params = resolveXgbParams({ learning_rate: 0.1, reg_lambda: 2, n_jobs: 4, max_depth: null });
    expect(params).toMatchObject({ eta: 0.1, lambda: 2, nthread: 4, max_depth: 6, alpha: 0 });
  });
  it('warns that n_estimators does nothing', () => {
    const warnings: string[] = [];
    resolveXgbParams({ n_estimators: 647 }, (message) => warnings.push(message));
    expect(warnings).toHaveLength(1);
  });
  it('refuses unknown names, values and metrics with the nearest match', () => {
    expect(fault(() => resolveXgbParams({ max_dept: 3 })).hint).toContain('max_depth');
    expect(fault(() => resolveXgbParams({ subsample: 0 })).path).toEqual(['subsample']);
    expect(fault(() => resolveXgbParams({ max_depth: 2.5 })).hint).toContain('whole');
    expect(fault(() => resolveXgbParams({ tree_method: 'exact' })).hint).toContain('hist');
    expect(fault(() => makeXgbMetrics(['ndcg'], resolveXgbParams({}))).path).toEqual(['eval_metric']);
  });
});

describe('parameters of CatBoostModel', () => {
  it('resolves aliases of the benchmark', () => {
    const given = {
      loss: 'RMSE',
      max_depth: 6,
      num_leaves: 100,
      grow_policy: 'Lossguide',
      subsample: 0.8789,
    };
    expect(resolveCatParams({ ...given, bootstrap_type: 'Poisson', thread_count: 20 })).toMatchObject({
      depth: 6,
      max_leaves: 100,
      bootstrap_type: 'Poisson',
      l2_leaf_reg: 3,
    });
  });
  it('refuses unknown names and values', () => {
    expect(fault(() => resolveCatParams({ dept: 3 })).hint).toContain('depth');
    expect(fault(() => resolveCatParams({ boosting_type: 'Ordered' })).hint).toContain('Plain');
    expect(fault(() => resolveCatParams({ border_count: 255 })).hint).toContain('254');
  });
  it('takes the learning rate of catboost where none is given', () => {
    // CatBoost(iterations=40) on 700 rows with an evaluation set: get_all_params()["learning_rate"]
    expect(defaultLearningRate(resolveCatParams({}), 700, 40)).toBeCloseTo(0.3430199921131134, 6);
    // iterations=1000 on 8000 rows
    expect(defaultLearningRate(resolveCatParams({ loss: 'Logloss' }), 8000, 1000)).toBe(0.052963);
    expect(resolveCatParams({ l2_leaf_reg: 3 }).learning_rate).toBe(0.03);
  });
});

describe('arguments of DEnsembleModel', () => {
  it('refuses lists of the wrong length and sample reweighting without decay', () => {
    expect(fault(() => resolveOptions({ sample_ratios: [1], decay: 0.5 })).path).toEqual(['sample_ratios']);
    expect(fault(() => resolveOptions({ sub_weights: [1], decay: 0.5 })).path).toEqual(['sub_weights']);
    expect(fault(() => resolveOptions({})).path).toEqual(['decay']);
  });
  it('hands all else to LightGBM', () => {
    expect(resolveOptions({ decay: 0.5, epochs: 28, num_leaves: 210 }).lightgbm).toEqual({
      objective: 'mse',
      num_leaves: 210,
    });
  });
});
