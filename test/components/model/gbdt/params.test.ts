import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../components/core/errors.ts';
import { paramsText } from '../../../../components/model/gbdt/params/params-text.ts';
import { resolveParams } from '../../../../components/model/gbdt/params/resolve.ts';

function errorOf(given: Record<string, unknown>): UserError {
  try {
    resolveParams(given);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('resolveParams', () => {
  it('knows the aliases', () => {
    const params = resolveParams({
      loss: 'mse',
      eta: 0.2,
      max_leaves: 7,
      colsample_bytree: 0.5,
      reg_lambda: 3,
    });
    expect(params).toMatchObject({
      objective: 'regression',
      metric: ['l2'],
      learning_rate: 0.2,
      num_leaves: 7,
      feature_fraction: 0.5,
      lambda_l2: 3,
      min_data_in_leaf: 20,
    });
  });

  it('prefers the main name, then the shorter alias', () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    expect(resolveParams({ eta: 0.1, learning_rate: 0.3 }, warn).learning_rate).toBe(0.3);
    expect(resolveParams({ shrinkage_rate: 0.1, eta: 0.4 }, warn).learning_rate).toBe(0.4);
    expect(warnings).toEqual([
      'eta is ignored: learning_rate is given too',
      'shrinkage_rate is ignored: eta is given too',
    ]);
  });

  it('draws seeds from seed', () => {
    // Booster(params={'seed': 17}).model_to_string() of lightgbm 4.7.0
    expect(resolveParams({ seed: 17 })).toMatchObject({
      data_random_seed: 94,
      bagging_seed: 26602,
      drop_seed: 30017,
      feature_fraction_seed: 18297,
      objective_seed: 20363,
      extra_seed: 13015,
    });
    expect(resolveParams({ seed: 17, bagging_seed: 5 }).bagging_seed).toBe(5);
  });

  it('limits the leaves by the depth', () => {
    expect(resolveParams({ max_depth: 3 }).num_leaves).toBe(8);
    expect(resolveParams({ max_depth: 3, num_leaves: 20 }).num_leaves).toBe(20);
  });

  it('warns of subsample without subsample_freq', () => {
    const warnings: string[] = [];
    resolveParams({ subsample: 0.8 }, (message) => warnings.push(message));
    expect(warnings).toEqual([
      'bagging_fraction (subsample) 0.8 has no effect without bagging_freq (subsample_freq), as in LightGBM',
    ]);
  });

  it('refuses unknown names', () => {
    const error = errorOf({ num_leavs: 3 });
    expect(error.message).toBe(
      'unknown LightGBM parameter "num_leavs"\n  did you mean "num_leaves"? (LightGBM itself would ignore it)',
    );
    expect(error.path).toEqual(['num_leavs']);
  });

  it('refuses values out of range and of the wrong kind', () => {
    expect(errorOf({ num_leaves: 1 }).message).toBe('num_leaves is 1\n  it must be a number above 1');
    expect(errorOf({ subsample: 1.5 }).message).toBe('subsample is 1.5\n  it must be a number of at most 1');
    expect(errorOf({ max_depth: 2.5 }).message).toBe('max_depth is 2.5\n  it must be a whole number');
    expect(errorOf({ eta: 'fast' }).message).toBe('eta is "fast"\n  it must be a number');
    expect(errorOf({ deterministic: 'maybe' }).message).toBe(
      'deterministic is "maybe"\n  it must be true or false',
    );
  });

  it.each([
    'boosting',
    'objective',
    'metric',
    'categorical_feature',
    'extra_trees',
    'use_missing',
    'num_leaves',
  ])('refuses a mapping, which YAML makes without a prototype: %s', (name) => {
    const mapping: unknown = Object.create(null);
    for (const value of [mapping, [mapping]])
      expect(errorOf({ [name]: value })).toMatchObject({
        path: [name],
        hint: expect.stringContaining('plain value'),
      });
  });

  it('reads numbers and flags from text', () => {
    expect(resolveParams({ num_leaves: '7', deterministic: 'true', eta: '0.5' })).toMatchObject({
      num_leaves: 7,
      deterministic: true,
      learning_rate: 0.5,
    });
  });

  it('says what is not supported', () => {
    expect(errorOf({ device: 'gpu' }).message).toBe('device: "gpu" is not supported\n  allowed: "cpu"');
  });
});

describe('paramsText', () => {
  it('writes one line a parameter', () => {
    const lines = paramsText(resolveParams({ lambda_l1: 205.6999 })).split('\n');
    expect(lines.slice(0, 3)).toEqual(['[boosting: gbdt]', '[objective: regression]', '[metric: l2]']);
    expect(lines).toContain('[lambda_l1: 205.7]');
    expect(lines).toContain('[monotone_constraints: ]');
  });
});
