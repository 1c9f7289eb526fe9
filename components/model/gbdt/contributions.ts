import type { ModelData } from './booster.ts';
import type { Tree } from './tree/tree.ts';
import { goesLeft } from './tree/walk.ts';

/** What each feature adds to the raw score of one row: `(features)`, and what the score is without any; they sum up to the raw score. */
export interface Contributions {
  readonly features: Float64Array;
  readonly expected: number;
}

/**
 * Shapley values of one row: the mean, over all orders in which features may become known, of what a feature changes; rows of the
 * training data say what an unknown feature does. What LightGBM calls `pred_contrib`.
 * @param value the row's value of a feature
 * @returns undefined for several classes
 * Source: Lundberg, Erion and Lee (2018), Consistent individualized feature attribution for tree ensembles, algorithm 2.
 */
export function contributions(
  model: ModelData,
  value: (feature: number) => number,
): Contributions | undefined {
  if (model.treesPerIteration !== 1) return undefined;
  const features = new Float64Array(model.featureNames.length);
  let expected = 0;
  for (const tree of model.trees) {
    expected += expectedValue(tree);
    if (tree.numLeaves > 1) descend(tree, 0, [], { zero: 1, one: 1, feature: -1 }, value, features);
  }
  const share = model.averageOutput ? 1 / model.trees.length : 1;
  return { features: features.map((x) => x * share), expected: expected * share };
}

function expectedValue({ leafValue, leafCount }: Tree): number {
  let [sum, rows] = [0, 0];
  for (let leaf = 0; leaf < leafValue.length; leaf++) {
    sum += leafCount[leaf]! * leafValue[leaf]!;
    rows += leafCount[leaf]!;
  }
  return rows > 0 ? sum / rows : leafValue[0]!;
}

/** A feature on the way down: the share of rows that come along if it is unknown and if it is known, and the weight of subsets of that size. */
interface Step {
  readonly feature: number;
  readonly zero: number;
  readonly one: number;
  weight: number;
}

type NewStep = Omit<Step, 'weight'>;

function descend(
  tree: Tree,
  node: number,
  way: readonly Step[],
  next: NewStep,
  value: (feature: number) => number,
  out: Float64Array,
): void {
  let path = extended(way, next);
  if (node < 0) {
    for (let i = 1; i < path.length; i++) {
      const { feature, one, zero } = path[i]!;
      out[feature]! += unwoundSum(path, i) * (one - zero) * tree.leafValue[~node]!;
    }
    return;
  }
  const feature = tree.splitFeature[node]!;
  const [left, right] = [tree.leftChild[node]!, tree.rightChild[node]!];
  const [hot, cold] = goesLeft(tree, node, value(feature)) ? [left, right] : [right, left];
  let [zero, one] = [1, 1];
  const known = path.findIndex((step, i) => i > 0 && step.feature === feature);
  if (known > 0) {
    ({ zero, one } = path[known]!);
    path = unwound(path, known);
  }
  const rows = countOf(tree, node);
  descend(tree, hot, path, { zero: (zero * countOf(tree, hot)) / rows, one, feature }, value, out);
  descend(tree, cold, path, { zero: (zero * countOf(tree, cold)) / rows, one: 0, feature }, value, out);
}

function countOf({ internalCount, leafCount }: Tree, node: number): number {
  return node < 0 ? leafCount[~node]! : internalCount[node]!;
}

function extended(way: readonly Step[], next: NewStep): Step[] {
  const depth = way.length;
  const path = [...way.map((step) => ({ ...step })), { ...next, weight: depth === 0 ? 1 : 0 }];
  for (let i = depth - 1; i >= 0; i--) {
    path[i + 1]!.weight += (next.one * path[i]!.weight * (i + 1)) / (depth + 1);
    path[i]!.weight = (next.zero * path[i]!.weight * (depth - i)) / (depth + 1);
  }
  return path;
}

/** The path as it would be without its step `at`. */
function unwound(path: readonly Step[], at: number): Step[] {
  const depth = path.length - 1;
  const { one, zero } = path[at]!;
  const weights = new Array<number>(depth);
  let carried = path[depth]!.weight;
  for (let i = depth - 1; i >= 0; i--) {
    const weight = path[i]!.weight;
    if (one !== 0) {
      weights[i] = (carried * (depth + 1)) / ((i + 1) * one);
      carried = weight - (weights[i]! * zero * (depth - i)) / (depth + 1);
    } else weights[i] = (weight * (depth + 1)) / (zero * (depth - i));
  }
  return path.filter((_, i) => i !== at).map((step, i) => ({ ...step, weight: weights[i]! }));
}

/** The sum of the weights of `unwound`. */
function unwoundSum(path: readonly Step[], at: number): number {
  return unwound(path, at).reduce((sum, step) => sum + step.weight, 0);
}
