import { missingNaN, missingZero, zeroThreshold } from '../constants.ts';
import type { FeatureColumn } from '../data.ts';
import { categoricalBit, defaultLeftBit, missingTypeOf, type Tree } from './tree.ts';

/** Leaf that a row falls into. `value(column)` is the row's value of a feature. */
export function leafOf(tree: Tree, value: (column: number) => number): number {
  if (tree.numLeaves === 1) return 0;
  let node = 0;
  while (node >= 0)
    node = goesLeft(tree, node, value(tree.splitFeature[node]!))
      ? tree.leftChild[node]!
      : tree.rightChild[node]!;
  return ~node;
}

/** LightGBM's decision (tree.h): NaN counts as 0 unless the feature has NaN of its own; missing values go the default way. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  const type = tree.decisionType[node]!;
  if (type & categoricalBit) return inCategories(tree, node, value);
  const missing = missingTypeOf(type);
  let x = value;
  if (Number.isNaN(x)) {
    if (missing === missingNaN) return (type & defaultLeftBit) !== 0;
    x = 0;
  }
  if (missing === missingZero && x >= -zeroThreshold && x <= zeroThreshold)
    return (type & defaultLeftBit) !== 0;
  return x <= tree.threshold[node]!;
}

function inCategories(tree: Tree, node: number, value: number): boolean {
  const category = Math.trunc(value);
  if (Number.isNaN(value) || category < 0) return false;
  const set = tree.threshold[node]!;
  const word = tree.catBoundaries[set]! + (category >>> 5);
  if (word >= tree.catBoundaries[set + 1]!) return false;
  return ((tree.catThreshold[word]! >>> (category & 31)) & 1) === 1;
}

/**
 * Calls `visit(i, leaf)` for the rows [from, to): row i is `rows[i]` of the visible rows, or i itself. The plain loop over column
 * storage; nodes that compare a number and have no special zero take the short way.
 */
export function walkRows(
  tree: Tree,
  columns: readonly FeatureColumn[],
  rows: Uint32Array | null,
  from: number,
  to: number,
  visit: (row: number, leaf: number) => void,
): void {
  const { splitFeature, threshold, decisionType, leftChild, rightChild } = tree;
  const nodes = tree.numLeaves - 1;
  const values = Array.from({ length: nodes }, (_, n) => columns[splitFeature[n]!]!.values);
  const selections = Array.from({ length: nodes }, (_, n) => columns[splitFeature[n]!]!.rows);
  for (let i = from; i < to; i++) {
    const row = rows ? rows[i]! : i;
    let node = nodes === 0 ? -1 : 0;
    while (node >= 0) {
      const selection = selections[node]!;
      const x = values[node]![selection ? selection[row]! : row]!;
      const type = decisionType[node]!;
      const simple = !Number.isNaN(x) && (type & 13) !== 4 && (type & categoricalBit) === 0;
      node = (simple ? x <= threshold[node]! : goesLeft(tree, node, x))
        ? leftChild[node]!
        : rightChild[node]!;
    }
    visit(row, ~node);
  }
}
