import { categoricalBit, defaultLeftBit, missingTypeOf, type Tree } from './tree.ts';

export interface LeafDump {
  readonly leaf_index?: number;
  readonly leaf_value: number;
  readonly leaf_weight?: number;
  readonly leaf_count: number;
}

export interface SplitDump {
  readonly split_index: number;
  readonly split_feature: number;
  readonly split_gain: number;
  /** A number, or the categories that go left: `0||3||7`. */
  readonly threshold: number | string;
  readonly decision_type: '<=' | '==';
  readonly default_left: boolean;
  readonly missing_type: 'None' | 'Zero' | 'NaN';
  readonly internal_value: number;
  readonly internal_weight: number;
  readonly internal_count: number;
  readonly left_child: NodeDump;
  readonly right_child: NodeDump;
}

export type NodeDump = LeafDump | SplitDump;

const missingNames = ['None', 'Zero', 'NaN'] as const;

/** A tree as nested nodes, with the names of LightGBM's JSON. */
export function dumpTree(tree: Tree): NodeDump {
  if (tree.numLeaves === 1) return { leaf_value: tree.leafValue[0]!, leaf_count: tree.leafCount[0]! };
  return dumpNode(tree, 0);
}

function dumpNode(tree: Tree, node: number): NodeDump {
  if (node < 0) {
    const leaf = ~node;
    return {
      leaf_index: leaf,
      leaf_value: tree.leafValue[leaf]!,
      leaf_weight: tree.leafWeight[leaf]!,
      leaf_count: tree.leafCount[leaf]!,
    };
  }
  const type = tree.decisionType[node]!;
  const categorical = (type & categoricalBit) !== 0;
  return {
    split_index: node,
    split_feature: tree.splitFeature[node]!,
    split_gain: bounded(tree.splitGain[node]!),
    threshold: categorical ? categoriesLeft(tree, node).join('||') : bounded(tree.threshold[node]!),
    decision_type: categorical ? '==' : '<=',
    default_left: (type & defaultLeftBit) !== 0,
    missing_type: missingNames[missingTypeOf(type)],
    internal_value: tree.internalValue[node]!,
    internal_weight: tree.internalWeight[node]!,
    internal_count: tree.internalCount[node]!,
    left_child: dumpNode(tree, tree.leftChild[node]!),
    right_child: dumpNode(tree, tree.rightChild[node]!),
  };
}

/** The categories that go left at a categorical node, ascending. */
export function categoriesLeft({ threshold, catBoundaries, catThreshold }: Tree, node: number): number[] {
  const set = threshold[node]!;
  const from = catBoundaries[set]!;
  const out: number[] = [];
  for (let word = from; word < catBoundaries[set + 1]!; word++)
    for (let bit = 0; bit < 32; bit++)
      if ((catThreshold[word]! >>> bit) & 1) out.push((word - from) * 32 + bit);
  return out;
}

/** LightGBM's AvoidInf: JSON has no infinity. */
function bounded(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-1e300, Math.min(1e300, x));
}
