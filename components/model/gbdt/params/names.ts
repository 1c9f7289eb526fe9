import { unknownName } from '../../../core/nearest.ts';

const objectives: Readonly<Record<string, readonly string[]>> = {
  regression: [
    'regression_l2',
    'mean_squared_error',
    'mse',
    'l2',
    'l2_root',
    'root_mean_squared_error',
    'rmse',
  ],
  regression_l1: ['mean_absolute_error', 'l1', 'mae'],
  huber: [],
  fair: [],
  poisson: [],
  quantile: [],
  mape: ['mean_absolute_percentage_error'],
  gamma: [],
  tweedie: [],
  binary: [],
  multiclass: ['softmax'],
  multiclassova: ['multiclass_ova', 'ova', 'ovr'],
  cross_entropy: ['xentropy'],
  cross_entropy_lambda: ['xentlambda'],
  lambdarank: [],
  rank_xendcg: ['xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart'],
  custom: ['none', 'null', 'na'],
};

const metrics: Readonly<Record<string, readonly string[]>> = {
  l2: ['regression', 'regression_l2', 'mean_squared_error', 'mse'],
  rmse: ['l2_root', 'root_mean_squared_error'],
  l1: ['regression_l1', 'mean_absolute_error', 'mae'],
  quantile: [],
  huber: [],
  fair: [],
  poisson: [],
  mape: ['mean_absolute_percentage_error'],
  gamma: [],
  gamma_deviance: [],
  tweedie: [],
  r2: [],
  binary_logloss: ['binary'],
  binary_error: [],
  auc: [],
  average_precision: [],
  multi_logloss: ['multiclass', 'softmax', 'multiclassova', 'multiclass_ova', 'ova', 'ovr'],
  multi_error: [],
  auc_mu: [],
  cross_entropy: ['xentropy'],
  cross_entropy_lambda: ['xentlambda'],
  kullback_leibler: ['kldiv'],
  ndcg: ['lambdarank', 'rank_xendcg', 'xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart'],
  map: ['mean_average_precision'],
  custom: ['none', 'null', 'na'],
};

/** LightGBM's main name of an objective. @throws UserError for unknown ones. */
export function objectiveName(name: string): string {
  return find('objective', name, objectives);
}

/** LightGBM's main name of a metric; objectives stand for their metric. @throws UserError for unknown ones. */
export function metricName(name: string): string {
  return find('metric', name, metrics);
}

function find(kind: string, name: string, table: Readonly<Record<string, readonly string[]>>): string {
  for (const [main, aliases] of Object.entries(table))
    if (name === main || aliases.includes(name)) return main;
  throw unknownName(kind, name, [...Object.keys(table), ...Object.values(table).flat()], [kind]);
}
