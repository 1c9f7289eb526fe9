import { UserError } from '../../core/errors.ts';
import type { FeatureColumn } from '../gbdt/index.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';
import { makeXgbObjective } from './objective.ts';
import { resolveXgbParams, type XgbParams } from './params.ts';
import { asWalkable, type XgbTree } from './tree.ts';

export interface XgbModelData {
  readonly trees: readonly XgbTree[];
  /** What the model file says of the objective: `name` and its parameters. */
  readonly objective: { readonly name: string };
  /** By class, of which there is one but for `multi:softmax`. */
  readonly baseScores: readonly number[];
  readonly features: number;
  readonly bestIteration: number | null;
  readonly bestScore: number | null;
}

const noParent = 2147483647;

/** XGBoost's trees: predicts, and reads and writes XGBoost's JSON model files. */
export class XgbBooster {
  readonly model: XgbModelData;

  constructor(model: XgbModelData) {
    this.model = model;
  }

  /** Outputs of all trees, summed in float32 in their order; of several classes the number of the most likely one: `(rows)`. */
  predict(columns: readonly FeatureColumn[], length: number): Float32Array {
    const { trees, baseScores, objective } = this.model;
    const { margin, predicted } = makeXgbObjective(paramsOf(objective));
    const classes = baseScores.length;
    const starts = Float32Array.from(baseScores, margin);
    const scores = new Float32Array(length * classes).map((_, i) => starts[i % classes]!);
    const walker = new RowWalker(asFloats(columns));
    for (const [t, tree] of trees.entries()) {
      const walkable = asWalkable(tree);
      const k = t % classes;
      walker.walk(walkable, null, 0, length, (leaf, rows, begin, end) => {
        for (let i = begin; i < end; i++) scores[rows[i]! * classes + k]! += walkable.leafValue[leaf]!;
      });
    }
    return predicted(scores);
  }

  /** How often each feature splits (`weight`), or the mean gain of its splits (`gain`): `(features)`. */
  importance(type: 'weight' | 'gain' = 'weight'): Float64Array {
    const splits = new Float64Array(this.model.features);
    const gains = new Float64Array(this.model.features);
    for (const { left, feature, gain } of this.model.trees)
      for (const [node, child] of left.entries()) {
        if (child < 0) continue;
        splits[feature[node]!]!++;
        gains[feature[node]!]! += gain[node]!;
      }
    return type === 'weight' ? splits : gains.map((sum, f) => (splits[f]! > 0 ? sum / splits[f]! : 0));
  }

  /** The model file, as `Booster.save_model("model.json")` writes it (version 3.2). */
  toJson(): string {
    const { trees, objective, baseScores, features, bestIteration, bestScore } = this.model;
    const classes = baseScores.length;
    const attributes =
      bestIteration === null ? {} : { best_iteration: String(bestIteration), best_score: String(bestScore) };
    const json = JSON.stringify({
      learner: {
        attributes,
        feature_names: [],
        feature_types: [],
        gradient_booster: {
          model: {
            cats: { enc: [], feature_segments: [], sorted_idx: [] },
            gbtree_model_param: { num_parallel_tree: '1', num_trees: String(trees.length) },
            iteration_indptr: Array.from({ length: trees.length / classes + 1 }, (_, i) => i * classes),
            tree_info: trees.map((_, t) => t % classes),
            trees: trees.map((tree, id) => treeJson(tree, id, features)),
          },
          name: 'gbtree',
        },
        learner_model_param: {
          base_score: `[${baseScores.map((x) => shortFloat(x).toExponential().toUpperCase().replace('+', ''))}]`,
          boost_from_average: '1',
          num_class: classes > 1 ? String(classes) : '0',
          num_feature: String(features),
          num_target: '1',
        },
        objective,
      },
      version: [3, 2, 0],
    });
    return json.replaceAll(/"floats:(\[[^"]*\])"/g, '$1');
  }

  /** Reads a model file of XGBoost. @throws UserError for other boosters, several targets and categorical splits. */
  static parse(text: string): XgbBooster {
    const { learner } = JSON.parse(text);
    const { model, name } = learner.gradient_booster;
    if (name !== 'gbtree') throw new UserError(`the model's booster ${name} is not supported`);
    const param = learner.learner_model_param;
    if (Number(param.num_target ?? 1) > 1) throw new UserError('models of several targets are not supported');
    const classes = Math.max(1, Number(param.num_class));
    // files of XGBoost before 3 have one number for all classes
    const base = String(param.base_score)
      .replace(/[[\]]/g, '')
      .split(',')
      .map((x) => Math.fround(Number(x)));
    const attributes: Record<string, string> = learner.attributes ?? {};
    const number = (key: string) => (attributes[key] === undefined ? null : Number(attributes[key]));
    return new XgbBooster({
      trees: model.trees.map(parseTree),
      objective: learner.objective,
      baseScores: base.length === classes ? base : new Array<number>(classes).fill(base[0]!),
      features: Number(param.num_feature),
      bestIteration: number('best_iteration'),
      bestScore: number('best_score'),
    });
  }
}

/** Parameters that the objective of a model file gives. */
function paramsOf(objective: XgbModelData['objective']): XgbParams {
  const own: Record<string, unknown> = {};
  for (const value of Object.values(objective)) if (typeof value === 'object') Object.assign(own, value);
  // a list with one quantile
  const alpha = own['quantile_alpha'];
  if (typeof alpha === 'string') own['quantile_alpha'] = Number(alpha.replace(/[[\]]/g, ''));
  return resolveXgbParams({ ...own, objective: objective.name });
}

function asFloats(columns: readonly FeatureColumn[]): readonly FeatureColumn[] {
  return columns.map(({ values, rows }) => ({
    values: values instanceof Float32Array ? values : Float32Array.from(values),
    rows,
  }));
}

/** The shortest number that is the same float32. */
function shortFloat(x: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return x;
}

/** A list of which XGBoost expects a point or exponent in every number; `toJson` takes it out of its string. */
function floats(values: readonly number[]): string {
  const texts = values.map((x) => {
    const text = String(shortFloat(Math.fround(x)));
    return /[.e]/.test(text) ? text : `${text}.0`;
  });
  return `floats:[${texts.join(',')}]`;
}

function treeJson(tree: XgbTree, id: number, features: number) {
  const nodes = tree.left.length;
  return {
    base_weights: floats(tree.weight),
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: tree.defaultLeft,
    id,
    left_children: tree.left,
    loss_changes: floats(tree.gain),
    parents: tree.parent.map((p) => (p < 0 ? noParent : p)),
    right_children: tree.right,
    split_conditions: floats(tree.condition),
    split_indices: tree.feature,
    split_type: new Array(nodes).fill(0),
    sum_hessian: floats(tree.hessian),
    tree_param: {
      num_deleted: '0',
      num_feature: String(features),
      num_nodes: String(nodes),
      size_leaf_vector: '1',
    },
  };
}

function parseTree(json: Record<string, number[]>): XgbTree {
  const list = (name: string): number[] => {
    const values = json[name];
    if (!Array.isArray(values)) throw new UserError(`a tree of the model has no ${name}`);
    return values.map(Number);
  };
  if (list('split_type').some((type) => type !== 0))
    throw new UserError('categorical splits are not supported');
  return {
    left: list('left_children'),
    right: list('right_children'),
    parent: list('parents').map((p) => (p === noParent ? -1 : p)),
    feature: list('split_indices'),
    condition: list('split_conditions').map(Math.fround),
    defaultLeft: list('default_left'),
    gain: list('loss_changes'),
    hessian: list('sum_hessian'),
    weight: list('base_weights'),
  };
}
