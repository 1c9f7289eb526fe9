import type { ModelData } from './booster.ts';
import { dumpTree, type NodeDump } from './tree/tree-dump.ts';

/** What `Booster.dump` gives: the JSON of Python's `Booster.dump_model()`. */
export interface ModelDump {
  readonly name: 'tree';
  readonly version: 'v4';
  readonly num_class: number;
  readonly num_tree_per_iteration: number;
  readonly label_index: number;
  readonly max_feature_idx: number;
  readonly objective?: string;
  readonly average_output: boolean;
  readonly feature_names: readonly string[];
  readonly monotone_constraints: readonly number[];
  readonly feature_infos: Readonly<
    Record<string, { min_value: number; max_value: number; values: number[] }>
  >;
  readonly tree_info: readonly {
    readonly tree_index: number;
    readonly num_leaves: number;
    readonly num_cat: number;
    readonly shrinkage: number;
    readonly tree_structure: NodeDump;
  }[];
  readonly feature_importances: Readonly<Record<string, number>>;
  readonly pandas_categorical: unknown;
}

/** The model as plain data. Source of the form: LightGBM `GBDT::DumpModel` (src/boosting/gbdt_model_text.cpp). */
export function dumpModel(model: ModelData, importance: ArrayLike<number>): ModelDump {
  const { trees, featureNames } = model;
  const infos = featureNames.flatMap((name, f) => {
    const info = rangeOf(model.featureInfos[f]!);
    return info ? [[name, info] as const] : [];
  });
  const important = featureNames.flatMap((name, f) => {
    const whole = Math.trunc(importance[f]!);
    return whole > 0 ? [[name, whole] as const] : [];
  });
  return {
    name: 'tree',
    version: 'v4',
    num_class: model.classes,
    num_tree_per_iteration: model.treesPerIteration,
    label_index: 0,
    max_feature_idx: featureNames.length - 1,
    ...(model.objective ? { objective: model.objective } : {}),
    average_output: model.averageOutput,
    feature_names: featureNames,
    monotone_constraints: model.monotoneConstraints ?? [],
    feature_infos: Object.fromEntries(infos),
    tree_info: trees.map((tree, tree_index) => ({
      tree_index,
      num_leaves: tree.numLeaves,
      num_cat: tree.catBoundaries.length - 1,
      shrinkage: tree.shrinkage,
      tree_structure: dumpTree(tree),
    })),
    feature_importances: Object.fromEntries(important),
    pandas_categorical: JSON.parse(model.pandasCategorical ?? 'null') as unknown,
  };
}

/** `[min:max]` of numbers, `a:b:c` of categories. */
function rangeOf(text: string) {
  if (text === 'none') return null;
  if (text.startsWith('[')) {
    const [min = 0, max = 0] = text.slice(1, -1).split(':').map(Number);
    return { min_value: min, max_value: max, values: [] };
  }
  const values = text.split(':').map(Number);
  return { min_value: Math.min(...values), max_value: Math.max(...values), values };
}
