import { UserError } from '../../../core/errors.ts';
import { epsilon } from '../constants.ts';
import type { Value } from './parse-value.ts';
import type { Warn } from './resolve.ts';

/** What LightGBM has and we do not (yet): only these values are taken. */
const onlyThese: Readonly<Record<string, readonly Value[]>> = {
  task: ['train'],
  device_type: ['cpu'],
  boosting: ['gbdt', 'gbrt', 'goss', 'dart', 'rf', 'random_forest'],
  linear_tree: [false],
  use_quantized_grad: [false],
  monotone_constraints_method: ['basic', 'intermediate', 'advanced'],
};
const onlyEmpty = ['cegb_penalty_feature_lazy'];

/** LightGBM's `CheckParamConflict` (src/io/config.cpp), and errors for what is not supported. Changes `values`. */
export function checkConflicts(
  values: Record<string, Value>,
  chosen: ReadonlyMap<string, string>,
  warn: Warn,
): void {
  for (const [name, allowed] of Object.entries(onlyThese))
    if (!allowed.includes(values[name]!)) throw unsupported(chosen.get(name) ?? name, values[name]!, allowed);
  for (const name of onlyEmpty)
    if ((values[name] as readonly unknown[]).length > 0)
      throw unsupported(chosen.get(name) ?? name, values[name]!, []);
  values['tree_learner'] = 'serial';
  if (values['boosting'] === 'gbrt') values['boosting'] = 'gbdt';
  if (values['boosting'] === 'random_forest') values['boosting'] = 'rf';
  if (values['boosting'] === 'goss') {
    values['boosting'] = 'gbdt';
    values['data_sample_strategy'] = 'goss';
  }
  checkClasses(values);
  checkMonotone(values, chosen, warn);
  checkBins(values, chosen);
  const depth = values['max_depth'] as number;
  if (depth > 0 && !chosen.has('num_leaves'))
    values['num_leaves'] = Math.min(2 ** depth, values['num_leaves'] as number);
  if ((values['path_smooth'] as number) > epsilon && (values['min_data_in_leaf'] as number) < 2) {
    values['min_data_in_leaf'] = 2;
    warn('min_data_in_leaf is raised to 2, which path_smooth needs');
  }
  if (
    (values['min_data_in_leaf'] as number) <= 0 &&
    (values['min_sum_hessian_in_leaf'] as number) <= epsilon
  ) {
    values['min_data_in_leaf'] = 1;
    warn('min_data_in_leaf is raised to 1, because min_sum_hessian_in_leaf is 0 too');
  }
  checkSampling(values, warn);
}

/** LightGBM casts the list to small integers without a look. */
function checkMonotone(values: Record<string, Value>, chosen: ReadonlyMap<string, string>, warn: Warn): void {
  const constraints = values['monotone_constraints'] as readonly number[];
  const name = chosen.get('monotone_constraints') ?? 'monotone_constraints';
  const bad = constraints.find((x) => x !== -1 && x !== 0 && x !== 1);
  if (bad !== undefined)
    throw new UserError(`${name} has ${bad}`, {
      hint: 'each must be 1 (not falling), -1 (not rising) or 0',
      path: [name],
    });
  if (constraints.length > 0 && renewing.includes(values['objective'] as string))
    throw new UserError(`${name} with objective ${String(values['objective'])}`, {
      hint: 'its leaves are percentiles, which monotone constraints do not bound',
      path: [name],
    });
  if (values['feature_fraction_bynode'] === 1 || values['monotone_constraints_method'] === 'basic') return;
  values['monotone_constraints_method'] = 'basic';
  if (constraints.length > 0)
    warn('monotone_constraints_method is basic, because feature_fraction_bynode is not 1, as in LightGBM');
}

/** Objectives whose leaves are not -g / h. */
const renewing = ['regression_l1', 'quantile', 'mape'];

/** Bins are kept in two bytes. */
function checkBins(values: Record<string, Value>, chosen: ReadonlyMap<string, string>): void {
  for (const name of ['max_bin', 'max_bin_by_feature'])
    for (const bins of [values[name]].flat() as number[])
      if (!(bins > 1 && bins <= 65_536))
        throw new UserError(`${chosen.get(name) ?? name} is ${bins}`, {
          hint: 'it must be a number from 2 to 65536',
          path: [chosen.get(name) ?? name],
        });
}

function checkClasses(values: Record<string, Value>): void {
  const several = values['objective'] === 'multiclass' || values['objective'] === 'multiclassova';
  const classes = values['num_class'] as number;
  if (several && classes <= 1)
    throw new UserError(`num_class is ${classes}`, {
      hint: `objective ${String(values['objective'])} needs at least 2`,
      path: ['num_class'],
    });
  if (!several && classes !== 1 && values['objective'] !== 'custom')
    throw new UserError(`num_class is ${classes}`, {
      hint: `objective ${String(values['objective'])} has 1 class`,
      path: ['num_class'],
    });
}

function checkSampling(values: Record<string, Value>, warn: Warn): void {
  const strategy = values['data_sample_strategy'];
  if (strategy !== 'bagging' && strategy !== 'goss')
    throw unsupported('data_sample_strategy', strategy!, ['bagging', 'goss']);
  if (values['bagging_by_query'] && strategy === 'goss') {
    values['bagging_by_query'] = false;
    warn('bagging_by_query has no effect with goss');
  }
  const fraction = values['bagging_fraction'] as number;
  const frequency = values['bagging_freq'] as number;
  if (strategy === 'goss') {
    if (frequency > 0 && fraction !== 1)
      throw new UserError('goss with bagging', {
        hint: 'leave out bagging_freq',
        path: ['bagging_freq'],
      });
    const top = values['top_rate'] as number;
    const other = values['other_rate'] as number;
    if (!(top > 0 && other > 0 && top + other <= 1))
      throw new UserError(`top_rate ${top}, other_rate ${other}`, {
        hint: 'both must be above 0 and their sum at most 1',
        path: ['top_rate'],
      });
  } else if (fraction < 1 && frequency <= 0)
    warn(
      `bagging_fraction (subsample) ${fraction} has no effect without bagging_freq (subsample_freq), as in LightGBM`,
    );
}

function unsupported(name: string, value: Value, allowed: readonly Value[]): UserError {
  const choice = allowed.filter((x) => x !== '').map((x) => JSON.stringify(x));
  return new UserError(`${name}: ${JSON.stringify(value)} is not supported`, {
    hint: choice.length > 0 ? `allowed: ${choice.join(', ')}` : 'leave it out',
    path: [name],
  });
}
