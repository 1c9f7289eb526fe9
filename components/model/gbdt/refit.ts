import { UserError } from '../../core/errors.ts';
import { Booster, type ModelData } from './booster.ts';
import { epsilon } from './constants.ts';
import { shareData, type TrainingData } from './data.ts';
import { leafOutput } from './grow/leaf-output.ts';
import { makeObjective } from './objective/make.ts';
import { type Params, resolveParams, specs } from './params/resolve.ts';
import type { Tree } from './tree/tree.ts';

export interface RefitOptions {
  /** Share of the old leaf value that is kept; default: the model's `refit_decay_rate` (0.9). */
  readonly decayRate?: number;
  /** LightGBM parameters that take the place of the model's own. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * The same trees with new leaf values: `decay * old + (1 - decay) * shrinkage * value`, where `value` is the leaf's best one on the given data, tree
 * after tree. A leaf that no row reaches keeps `decay * old`. Source: LightGBM `GBDT::RefitTree`, `SerialTreeLearner::FitByExistingTree`.
 * @throws UserError for a model without objective and data that do not fit.
 */
export function refit(booster: Booster, given: TrainingData, options: RefitOptions = {}): Booster {
  const { model } = booster;
  if (model.averageOutput) throw new UserError('refit of a random forest is not supported');
  const params = paramsOf(model, options);
  const data = shareData(given);
  const { length } = data;
  const k = model.treesPerIteration;
  const objective = makeObjective(params, data);
  const score = new Float64Array(k * length);
  if (data.initScore) score.set(data.initScore);
  const pairs = new Float32Array(2 * k * length);
  const leaves = booster.predict(data.columns, length, { kind: 'leaf' });
  const trees: Tree[] = [];
  for (const [t, tree] of model.trees.entries()) {
    if (t % k === 0) objective.gradients(score, pairs, 0, length);
    const leafOf = (row: number) => leaves[row * model.trees.length + t]!;
    const fitted = refitTree(tree, leafOf, pairs.subarray((t % k) * 2 * length), length, params);
    for (let row = 0; row < length; row++) score[(t % k) * length + row]! += fitted.leafValue[leafOf(row)]!;
    trees.push(fitted);
  }
  return new Booster({ ...model, trees });
}

function refitTree(
  tree: Tree,
  leafOf: (row: number) => number,
  pairs: Float32Array,
  length: number,
  params: Params,
): Tree {
  const gradients = new Float64Array(tree.numLeaves);
  const hessians = new Float64Array(tree.numLeaves).fill(epsilon);
  const rows = new Int32Array(tree.numLeaves);
  for (let row = 0; row < length; row++) {
    const leaf = leafOf(row);
    gradients[leaf]! += pairs[2 * row]!;
    hessians[leaf]! += pairs[2 * row + 1]!;
    rows[leaf]!++;
  }
  const rules = {
    lambdaL1: params.lambda_l1,
    lambdaL2: params.lambda_l2,
    maxDeltaStep: params.max_delta_step,
    pathSmooth: 0,
  };
  const decay = params.refit_decay_rate;
  const leafValue = tree.leafValue.map((old, leaf) => {
    const value = leafOutput(rules, gradients[leaf]!, hessians[leaf]!, rows[leaf]!, 0);
    return decay * old + (1 - decay) * (value * tree.shrinkage);
  });
  return { ...tree, leafValue };
}

/** The parameters that the model was trained with, from its file. */
function paramsOf({ parameters, objective }: ModelData, { decayRate, params = {} }: RefitOptions): Params {
  if (!objective)
    throw new UserError('a model without objective cannot be refitted', {
      hint: 'train it with one of the built-in objectives',
    });
  const own: Record<string, unknown> = {};
  for (const [, name = '', value = ''] of parameters.matchAll(/^\[(\w+): (.*)\]$/gm))
    if (value !== '' && name in specs) own[name] = value;
  own['objective'] ??= objective.split(' ')[0];
  if (decayRate !== undefined) own['refit_decay_rate'] = decayRate;
  const resolved = resolveParams({ ...own, ...params });
  if (resolved.path_smooth > epsilon)
    throw new UserError('refit with path_smooth is not supported', {
      hint: 'give params: { path_smooth: 0 }',
      path: ['path_smooth'],
    });
  return resolved;
}
