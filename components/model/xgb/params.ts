import { UserError } from '../../core/errors.ts';
import { type ParamRange, resolveLibraryParams } from '../library-params.ts';

/** XGBoost's parameters that tell how trees grow. */
export interface XgbParams {
  /** A key of `objectives`. */
  readonly objective: string;
  readonly eval_metric: readonly string[];
  /** As the objective's output; null: from the labels. */
  readonly base_score: number | null;
  readonly eta: number;
  readonly max_depth: number;
  readonly max_leaves: number;
  readonly grow_policy: 'depthwise' | 'lossguide';
  readonly gamma: number;
  readonly min_child_weight: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly max_delta_step: number;
  readonly max_bin: number;
  readonly scale_pos_weight: number;
  readonly huber_slope: number;
  readonly quantile_alpha: number;
  readonly tweedie_variance_power: number;
  readonly num_class: number;
  readonly subsample: number;
  readonly colsample_bytree: number;
  readonly colsample_bylevel: number;
  readonly colsample_bynode: number;
  readonly seed: number;
  readonly nthread: number;
}

const aliases: Readonly<Record<string, keyof XgbParams>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
  random_state: 'seed',
  n_jobs: 'nthread',
};

const defaults: XgbParams = {
  objective: 'reg:squarederror',
  eval_metric: [],
  base_score: null,
  eta: 0.3,
  max_depth: 6,
  max_leaves: 0,
  grow_policy: 'depthwise',
  gamma: 0,
  min_child_weight: 1,
  lambda: 1,
  alpha: 0,
  max_delta_step: 0,
  max_bin: 256,
  scale_pos_weight: 1,
  huber_slope: 1,
  quantile_alpha: 0.5,
  tweedie_variance_power: 1.5,
  num_class: 0,
  subsample: 1,
  colsample_bytree: 1,
  colsample_bylevel: 1,
  colsample_bynode: 1,
  seed: 0,
  nthread: 0,
};

const choices: Readonly<Record<string, readonly unknown[]>> = {
  objective: [
    'reg:squarederror',
    'reg:squaredlogerror',
    'reg:logistic',
    'reg:pseudohubererror',
    'reg:absoluteerror',
    'reg:quantileerror',
    'reg:gamma',
    'reg:tweedie',
    'count:poisson',
    'binary:logistic',
    'binary:logitraw',
    'binary:hinge',
    'multi:softmax',
  ],
  grow_policy: ['depthwise', 'lossguide'],
  booster: ['gbtree'],
  tree_method: ['auto', 'hist'],
  device: ['cpu'],
  sampling_method: ['uniform'],
};

const ranges: Partial<Record<keyof XgbParams, ParamRange>> = {
  eta: { least: 0 },
  max_depth: { least: 0 },
  max_leaves: { least: 0 },
  gamma: { least: 0 },
  min_child_weight: { least: 0 },
  lambda: { least: 0 },
  alpha: { least: 0 },
  max_delta_step: { least: 0 },
  max_bin: { least: 2, most: 65_535 },
  scale_pos_weight: { least: 0 },
  huber_slope: { least: 0, open: true },
  quantile_alpha: { least: 0, most: 1 },
  tweedie_variance_power: { least: 1, most: 2 },
  num_class: { least: 0 },
  subsample: { least: 0, most: 1, open: true },
  colsample_bytree: { least: 0, most: 1, open: true },
  colsample_bylevel: { least: 0, most: 1, open: true },
  colsample_bynode: { least: 0, most: 1, open: true },
};

const whole = new Set(['max_depth', 'max_leaves', 'max_bin', 'num_class', 'seed', 'nthread']);
/** Taken and without effect, as in `xgboost.train`. */
const ignored = ['n_estimators', 'verbosity', 'silent', 'disable_default_eval_metric'];

/**
 * Parameters with XGBoost's defaults and aliases.
 * @throws UserError with the parameter as path: unknown names (XGBoost warns), wrong values, what is not supported.
 */
export function resolveXgbParams(
  given: Readonly<Record<string, unknown>>,
  warn: (message: string) => void = () => {},
): XgbParams {
  if ((given['n_estimators'] ?? null) !== null)
    warn('n_estimators has no effect in xgboost.train; rounds stop early or at num_boost_round');
  const { values, chosen } = resolveLibraryParams(given, {
    library: 'XGBoost',
    defaults: { ...defaults },
    aliases,
    choices,
    ranges,
    whole,
    lists: new Set(['eval_metric']),
    ignored,
  });
  // as XGBoost sets it where it is not given
  if (values['objective'] === 'count:poisson' && !chosen.has('max_delta_step'))
    values['max_delta_step'] = 0.7;
  if (values['objective'] === 'multi:softmax' && !((values['num_class'] as number) > 1))
    throw new UserError('multi:softmax needs num_class', {
      hint: 'the number of classes, above 1; labels are whole numbers below it',
      path: [chosen.has('num_class') ? 'num_class' : 'objective'],
    });
  return values as unknown as XgbParams;
}
