import { formatG, joinG } from '../number-format.ts';
import type { Tree } from './tree.ts';

/** A tree as LightGBM's model file writes it, without the line `Tree=i`; ends with one empty line. */
export function treeText(tree: Tree): string {
  const categories = tree.catBoundaries.length - 1;
  const lines = [
    `num_leaves=${tree.numLeaves}`,
    `num_cat=${categories}`,
    `split_feature=${joinG(tree.splitFeature, 17)}`,
    `split_gain=${joinG(tree.splitGain, 6)}`,
    `threshold=${joinG(tree.threshold, 17)}`,
    `decision_type=${joinG(tree.decisionType, 17)}`,
    `left_child=${joinG(tree.leftChild, 17)}`,
    `right_child=${joinG(tree.rightChild, 17)}`,
    `leaf_value=${joinG(tree.leafValue, 17)}`,
    // Python reads its models back after training, which loses the weight of a single leaf
    `leaf_weight=${weightsOf(tree)}`,
    `leaf_count=${joinG(tree.leafCount, 17)}`,
    `internal_value=${joinG(tree.internalValue, 6)}`,
    `internal_weight=${joinG(tree.internalWeight, 6)}`,
    `internal_count=${joinG(tree.internalCount, 17)}`,
  ];
  if (categories > 0) {
    lines.push(`cat_boundaries=${joinG(tree.catBoundaries, 17)}`);
    lines.push(`cat_threshold=${joinG(tree.catThreshold, 17)}`);
  }
  lines.push('is_linear=0', `shrinkage=${formatG(tree.shrinkage, 6)}`, '', '');
  return lines.join('\n');
}

function weightsOf({ numLeaves, leafWeight }: Tree): string {
  return numLeaves > 1 ? joinG(leafWeight, 17) : '';
}

/**
 * Reads the lines of one tree (`key=value`).
 * @throws Error for a broken tree, and for linear trees, which are not supported.
 */
export function parseTree(fields: ReadonlyMap<string, string>): Tree {
  const numLeaves = Number(fields.get('num_leaves'));
  if (!Number.isInteger(numLeaves) || numLeaves < 1)
    throw new Error(`num_leaves is ${JSON.stringify(fields.get('num_leaves'))}`);
  if (fields.get('is_linear') === '1') throw new Error('linear trees are not supported');
  const nodes = numLeaves - 1;
  const list = (name: string, length: number, optional = false): number[] => {
    const text = fields.get(name)?.trim() ?? '';
    const values = text === '' ? [] : text.split(' ').map(parseNumber);
    if (values.length === 0 && optional) return new Array<number>(length).fill(0);
    if (values.length !== length || values.some((x, i) => Number.isNaN(x) && text.split(' ')[i] !== 'nan'))
      throw new Error(`${name} has ${values.length} numbers, expected ${length}`);
    return values;
  };
  const categories = Number(fields.get('num_cat') ?? 0);
  const catBoundaries = categories > 0 ? list('cat_boundaries', categories + 1) : [0];
  return {
    numLeaves,
    splitFeature: Int32Array.from(list('split_feature', nodes)),
    splitGain: Float32Array.from(list('split_gain', nodes, true)),
    threshold: Float64Array.from(list('threshold', nodes)),
    decisionType: Uint8Array.from(list('decision_type', nodes, true)),
    leftChild: Int32Array.from(list('left_child', nodes)),
    rightChild: Int32Array.from(list('right_child', nodes)),
    leafValue: Float64Array.from(list('leaf_value', numLeaves)),
    leafWeight: Float64Array.from(list('leaf_weight', numLeaves, true)),
    leafCount: Int32Array.from(list('leaf_count', numLeaves, true)),
    internalValue: Float64Array.from(list('internal_value', nodes, true)),
    internalWeight: Float64Array.from(list('internal_weight', nodes, true)),
    internalCount: Int32Array.from(list('internal_count', nodes, true)),
    catBoundaries: Int32Array.from(catBoundaries),
    catThreshold: Uint32Array.from(categories > 0 ? list('cat_threshold', catBoundaries.at(-1)!) : []),
    shrinkage: Number(fields.get('shrinkage') ?? 1),
  };
}

function parseNumber(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
