import { pow } from '../../core/power.ts';
import { type ParamRange, resolveLibraryParams } from '../library-params.ts';

/** CatBoost's parameters that tell how trees grow. */
export interface CatParams {
  readonly loss_function: 'RMSE' | 'Logloss';
  /** null: from the number of rows and iterations; 0.03 where the leaves' values are estimated otherwise than by default, as CatBoost has it. */
  readonly learning_rate: number | null;
  readonly depth: number;
  readonly max_leaves: number;
  readonly min_data_in_leaf: number;
  readonly l2_leaf_reg: number;
  readonly border_count: number;
  readonly random_strength: number;
  readonly rsm: number;
  readonly grow_policy: 'SymmetricTree' | 'Depthwise' | 'Lossguide';
  readonly bootstrap_type: 'Bayesian' | 'Bernoulli' | 'MVS' | 'Poisson' | 'No';
  /** null: 0.8 with MVS, else 0.66. */
  readonly subsample: number | null;
  readonly bagging_temperature: number;
  readonly score_function: 'Cosine' | 'L2';
  readonly leaf_estimation_iterations: number;
  readonly boost_from_average: boolean;
  readonly random_seed: number;
  readonly thread_count: number;
}

const defaults: CatParams = {
  loss_function: 'RMSE',
  learning_rate: null,
  depth: 6,
  max_leaves: 31,
  min_data_in_leaf: 1,
  l2_leaf_reg: 3,
  border_count: 254,
  random_strength: 1,
  rsm: 1,
  grow_policy: 'SymmetricTree',
  bootstrap_type: 'MVS',
  subsample: null,
  bagging_temperature: 1,
  score_function: 'Cosine',
  leaf_estimation_iterations: 1,
  boost_from_average: true,
  random_seed: 0,
  thread_count: 0,
};

const aliases: Readonly<Record<string, keyof CatParams>> = {
  loss: 'loss_function',
  objective: 'loss_function',
  eta: 'learning_rate',
  max_depth: 'depth',
  num_leaves: 'max_leaves',
  min_child_samples: 'min_data_in_leaf',
  reg_lambda: 'l2_leaf_reg',
  max_bin: 'border_count',
  colsample_bylevel: 'rsm',
  random_state: 'random_seed',
};

const choices: Readonly<Record<string, readonly unknown[]>> = {
  loss_function: ['RMSE', 'Logloss'],
  grow_policy: ['SymmetricTree', 'Depthwise', 'Lossguide'],
  bootstrap_type: ['Bayesian', 'Bernoulli', 'MVS', 'Poisson', 'No'],
  score_function: ['Cosine', 'L2'],
  boost_from_average: [true, false],
  boosting_type: ['Plain'],
  feature_border_type: ['GreedyLogSum'],
  nan_mode: ['Min'],
  leaf_estimation_method: ['Newton', 'Gradient'],
};

const ranges: Partial<Record<keyof CatParams, ParamRange>> = {
  learning_rate: { least: 0, most: 1, open: true },
  depth: { least: 1, most: 16 },
  max_leaves: { least: 2, most: 65_536 },
  min_data_in_leaf: { least: 1 },
  l2_leaf_reg: { least: 0 },
  border_count: { least: 1, most: 254 },
  random_strength: { least: 0 },
  rsm: { least: 0, most: 1, open: true },
  subsample: { least: 0, most: 1, open: true },
  bagging_temperature: { least: 0 },
  leaf_estimation_iterations: { least: 1 },
};
const whole = new Set([
  'depth',
  'max_leaves',
  'min_data_in_leaf',
  'border_count',
  'random_seed',
  'thread_count',
  'leaf_estimation_iterations',
]);
/** Taken and without effect here. */
const ignored = [
  'verbose',
  'verbose_eval',
  'silent',
  'logging_level',
  'metric_period',
  'task_type',
  'devices',
];
ignored.push('allow_writing_files', 'train_dir', 'iterations', 'early_stopping_rounds', 'use_best_model');

/**
 * Parameters with CatBoost's defaults (of its CPU) and aliases.
 * @throws UserError with the parameter as path: unknown names, wrong values, what is not supported.
 */
export function resolveCatParams(given: Readonly<Record<string, unknown>>): CatParams {
  const { values, chosen } = resolveLibraryParams(given, {
    library: 'CatBoost',
    defaults: { ...defaults },
    aliases,
    choices,
    ranges,
    whole,
    ignored,
  });
  if (!chosen.has('boost_from_average')) values['boost_from_average'] = values['loss_function'] === 'RMSE';
  if (
    ['l2_leaf_reg', 'leaf_estimation_iterations', 'leaf_estimation_method'].some((name) => chosen.has(name))
  )
    values['learning_rate'] ??= 0.03;
  return values as unknown as CatParams;
}

/** [rows, constant, iterations] of the learning rate, fitted by CatBoost's authors; by loss and whether the mean is the start. */
const rateCoefficients = {
  RMSE: { mean: [0.157, -4.062, -0.61], zero: [0.189, -4.383, -0.623] },
  Logloss: { mean: [0.246, -5.127, -0.451], zero: [0.247, -5.158, -0.435] },
} as const;

/** The learning rate where none is given and the best iteration is kept (catboost/libs/train_lib/options_helper.cpp). */
export function defaultLearningRate(
  { loss_function, boost_from_average }: CatParams,
  rows: number,
  iterations: number,
): number {
  const [a, b, c] = rateCoefficients[loss_function][boost_from_average ? 'mean' : 'zero'];
  const rate = Math.exp(a * Math.log(rows) + b) * pow(iterations / 1000, c);
  return Math.min(0.5, Math.round(rate * 1e6) / 1e6);
}
