import { UserError } from '../../core/errors.ts';
import { Booster, type ModelData } from './booster.ts';
import { epsilon } from './constants.ts';
import { shareData, type TrainingData } from './data.ts';
import { type LeafRules, leafOutput } from './grow/leaf-output.ts';
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
 * after tree. A leaf that no row reaches keeps `decay * old`. Trees of a random forest are all fitted from score 0. With `path_smooth`, where
 * LightGBM 4.7 crashes, values are pulled towards those of the parents as in training. Source: LightGBM `GBDT::RefitTree`, `SerialTreeLearner::FitByExistingTree`.
 * @throws UserError for a model without objective and data that do not fit.
 */
export function refit(booster: Booster, given: TrainingData, options: RefitOptions = {}): Booster {
  const { model } = booster;
  const params = paramsOf(model, options);
  const data = shareData(given);
  const { length } = data;
  const k = model.treesPerIteration;
  const objective = makeObjective(params, data);
  const score = new Float64Array(k * length);
  if (data.initScore && !model.averageOutput) score.set(data.initScore);
  const pairs = new Float32Array(2 * k * length);
  const leaves = booster.predict(data.columns, length, { kind: 'leaf' });
  // a forest computes them once before, which counts where they are drawn by chance (rank_xendcg)
  if (model.averageOutput) objective.gradients(score, pairs, 0, length);
  const trees: Tree[] = [];
  for (const [t, tree] of model.trees.entries()) {
    if (t % k === 0) objective.gradients(score, pairs, 0, length);
    const leafOf = (row: number) => leaves[row * model.trees.length + t]!;
    const fitted = refitTree(tree, leafOf, pairs.subarray((t % k) * 2 * length), length, params);
    // scores do not get trees of one leaf, as in LightGBM
    if (!model.averageOutput && tree.numLeaves > 1)
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
    pathSmooth: params.path_smooth > epsilon ? params.path_smooth : 0,
  };
  const sums = { gradients, hessians, rows };
  const values = rules.pathSmooth > 0 ? smoothed(tree, sums, rules) : plain(sums, rules);
  const decay = params.refit_decay_rate;
  const leafValue = tree.leafValue.map(
    (old, leaf) => decay * old + (1 - decay) * (values[leaf]! * tree.shrinkage),
  );
  return { ...tree, leafValue };
}

/** Sums of each leaf. */
interface LeafSums {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly rows: Int32Array;
}

function plain({ gradients, hessians, rows }: LeafSums, rules: LeafRules): Float64Array {
  return gradients.map((gradient, leaf) => leafOutput(rules, gradient, hessians[leaf]!, rows[leaf]!, 0));
}

/** Values of leaves that are pulled towards their parents', from the root on. */
function smoothed(tree: Tree, { gradients, hessians, rows }: LeafSums, rules: LeafRules): Float64Array {
  const values = new Float64Array(tree.numLeaves);
  const sumOf = (list: ArrayLike<number>, node: number): number =>
    node < 0 ? list[~node]! : sumOf(list, tree.leftChild[node]!) + sumOf(list, tree.rightChild[node]!);
  const visit = (node: number, above: number | null) => {
    const [gradient, hessian] = [sumOf(gradients, node), sumOf(hessians, node)];
    const own = above === null ? { ...rules, pathSmooth: 0 } : rules;
    const value = leafOutput(own, gradient, hessian, sumOf(rows, node), above ?? 0);
    if (node < 0) values[~node] = value;
    else for (const child of [tree.leftChild[node]!, tree.rightChild[node]!]) visit(child, value);
  };
  visit(tree.numLeaves > 1 ? 0 : -1, null);
  return values;
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
  return resolveParams({ ...own, ...params });
}
