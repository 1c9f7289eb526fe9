import { UserError } from '../../core/errors.ts';
import { missingNaN } from '../gbdt/constants.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { TreeBuilder } from '../gbdt/tree/tree-builder.ts';
import type { CatModelData } from './booster.ts';
import { modelFeatures } from './model-features.ts';

interface Split {
  readonly border: number;
  readonly float_feature_index: number;
  readonly split_index: number;
  readonly split_type: string;
}

type Node =
  | { readonly value: number; readonly weight: number }
  | { readonly split: Split; readonly left: Node; readonly right: Node };

interface SymmetricTree {
  readonly splits: readonly Split[] | null;
  readonly leaf_values: readonly number[];
  readonly leaf_weights: readonly number[];
}

interface ModelJson {
  readonly features_info: { readonly float_features?: readonly unknown[] };
  readonly model_info?: {
    readonly params?: string | { readonly loss_function?: { readonly type?: string } };
  };
  readonly oblivious_trees?: readonly SymmetricTree[];
  readonly trees?: readonly Node[];
  readonly scale_and_bias: readonly [number, readonly number[]];
}

/** The model as `save_model(format="json")` of CatBoost writes it, with what predicting needs. */
export function toModelJson(model: CatModelData): string {
  const { trees, loss, bias } = model;
  const { info, splitIndex } = modelFeatures(model);
  const splitOf = (tree: Tree, node: number): Split => {
    const [feature, border] = [tree.splitFeature[node]!, tree.threshold[node]!];
    return {
      border,
      float_feature_index: feature,
      split_index: splitIndex(feature, border),
      split_type: 'FloatFeature',
    };
  };
  const nodeOf = (tree: Tree, node: number): Node =>
    node < 0
      ? { value: tree.leafValue[~node]!, weight: tree.leafCount[~node]! }
      : {
          left: nodeOf(tree, tree.leftChild[node]!),
          right: nodeOf(tree, tree.rightChild[node]!),
          split: splitOf(tree, node),
        };
  const levels = trees.map(symmetricLevels);
  const symmetric = levels.every((own) => own !== null);
  return JSON.stringify({
    features_info: { float_features: info },
    model_info: {
      params: { flat_params: { loss_function: loss }, loss_function: { params: {}, type: loss } },
    },
    ...(symmetric
      ? {
          oblivious_trees: trees.map((tree, t) => ({
            leaf_values: [...tree.leafValue],
            leaf_weights: [...tree.leafCount],
            splits: levels[t]!.map((node) => splitOf(tree, node)),
          })),
        }
      : { trees: trees.map((tree) => nodeOf(tree, tree.numLeaves > 1 ? 0 : -1)) }),
    scale_and_bias: [1, [bias]],
  });
}

/** The first node of each level where all nodes of a level split alike and leaves are numbered by what they answer; null for other trees. */
function symmetricLevels(tree: Tree): number[] | null {
  const firsts: number[] = [];
  let level = tree.numLeaves > 1 ? [0] : [-1];
  while (level.every((node) => node >= 0)) {
    const first = level[0]!;
    firsts.push(first);
    const alike = (node: number) =>
      tree.splitFeature[node] === tree.splitFeature[first] && tree.threshold[node] === tree.threshold[first];
    if (!level.every(alike)) return null;
    level = [...level.map((node) => tree.leftChild[node]!), ...level.map((node) => tree.rightChild[node]!)];
  }
  return level.every((node, k) => node === ~k) ? firsts : null;
}

/** Reads a model in CatBoost's JSON. @throws UserError for other files, several outputs, and features that are not numbers. */
export function parseModelJson(text: string): CatModelData {
  const json = JSON.parse(text) as ModelJson;
  if (!json.scale_and_bias || !(json.oblivious_trees || json.trees))
    throw new UserError('the file is no CatBoost model', { hint: 'save_model(format="json") writes one' });
  const [scale, biases] = json.scale_and_bias;
  if (biases.length > 1) throw new UserError('CatBoost models of several outputs are not supported');
  const { params } = json.model_info ?? {};
  const options = typeof params === 'string' ? JSON.parse(params) : params;
  const loss = options?.loss_function?.type ?? 'RMSE';
  if (loss !== 'RMSE' && loss !== 'Logloss')
    throw new UserError(`CatBoost models of the loss ${loss} are not supported`, {
      hint: 'allowed: RMSE, Logloss',
    });
  const symmetric = json.oblivious_trees?.map((tree) => ofSymmetric(tree, scale));
  return {
    trees: symmetric ?? json.trees!.map((root) => ofNodes(root, scale)),
    loss,
    bias: biases[0] ?? 0,
    features: json.features_info.float_features?.length ?? 0,
  };
}

function ofSymmetric({ splits, leaf_values, leaf_weights }: SymmetricTree, scale: number): Tree {
  const builder = new TreeBuilder(leaf_values.length, 0);
  for (const split of splits ?? []) {
    const { numLeaves } = builder;
    for (let leaf = 0; leaf < numLeaves; leaf++) addSplit(builder, leaf, split);
  }
  return {
    ...builder.build(),
    leafValue: Float64Array.from(leaf_values, (value) => value * scale),
    leafCount: Int32Array.from(leaf_weights ?? leaf_values.map(() => 0)),
  };
}

function ofNodes(root: Node, scale: number): Tree {
  const count = (node: Node): number => ('split' in node ? count(node.left) + count(node.right) : 1);
  const builder = new TreeBuilder(count(root), 0);
  const values: number[] = [];
  const weights: number[] = [];
  const add = (leaf: number, node: Node): void => {
    if ('split' in node) {
      const right = addSplit(builder, leaf, node.split);
      add(leaf, node.left);
      add(right, node.right);
    } else {
      values[leaf] = node.value * scale;
      weights[leaf] = node.weight;
    }
  };
  add(0, root);
  return { ...builder.build(), leafValue: Float64Array.from(values), leafCount: Int32Array.from(weights) };
}

function addSplit(builder: TreeBuilder, leaf: number, split: Split): number {
  if (split.split_type !== 'FloatFeature')
    throw new UserError(`CatBoost models with splits of the kind ${split.split_type} are not supported`, {
      hint: 'features must be numbers',
    });
  return builder.split(leaf, {
    feature: split.float_feature_index,
    threshold: split.border,
    missing: missingNaN,
    defaultLeft: true,
    gain: 0,
    leftValue: 0,
    rightValue: 0,
    leftWeight: 0,
    rightWeight: 0,
    leftCount: 0,
    rightCount: 0,
  });
}
