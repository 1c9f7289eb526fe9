import type { FeatureColumn } from '../data.ts';
import type { Tree } from './tree.ts';
import { goesLeft } from './walk.ts';

/**
 * Adds the SHAP values of one tree and row to `out[at ..]`: one a feature, then the tree's expected value. Exact for the tree's own rows as
 * background: `sum(out) = tree(row)`. Source: Lundberg, Erion, Lee 2018, algorithm 2; the arithmetic in the order of LightGBM `Tree::TreeSHAP`
 * (src/io/tree.cpp), so that values agree to rounding.
 */
export class TreeShap {
  readonly #columns: readonly FeatureColumn[];
  #feature = new Int32Array(0);
  #zero = new Float64Array(0);
  #one = new Float64Array(0);
  #weight = new Float64Array(0);
  #out: Float64Array = new Float64Array(0);
  #at = 0;
  #row = 0;

  constructor(columns: readonly FeatureColumn[]) {
    this.#columns = columns;
  }

  add(tree: Tree, expected: number, depth: number, row: number, out: Float64Array, at: number): void {
    out[at + this.#columns.length]! += expected;
    if (tree.numLeaves === 1) return;
    const room = ((depth + 2) * (depth + 3)) / 2;
    if (this.#feature.length < room) {
      this.#feature = new Int32Array(room);
      this.#zero = new Float64Array(room);
      this.#one = new Float64Array(room);
      this.#weight = new Float64Array(room);
    }
    this.#out = out;
    this.#at = at;
    this.#row = row;
    this.#visit(tree, 0, 0, 0, 0, 1, 1, -1);
  }

  /** The path to a node lies at `base`, that of its parent before it at `parentBase`. */
  #visit(
    tree: Tree,
    node: number,
    length: number,
    parentBase: number,
    base: number,
    zeroFraction: number,
    oneFraction: number,
    feature: number,
  ): void {
    let depth = length;
    for (const list of [this.#feature, this.#zero, this.#one, this.#weight])
      list.copyWithin(base, parentBase, parentBase + depth);
    this.#extend(base, depth, zeroFraction, oneFraction, feature);
    if (node < 0) {
      const value = tree.leafValue[~node]!;
      for (let i = 1; i <= depth; i++) {
        const w = this.#unwoundSum(base, depth, i);
        this.#out[this.#at + this.#feature[base + i]!]! +=
          w * (this.#one[base + i]! - this.#zero[base + i]!) * value;
      }
      return;
    }
    const split = tree.splitFeature[node]!;
    const { values, rows } = this.#columns[split]!;
    const left = goesLeft(tree, node, values[rows ? rows[this.#row]! : this.#row]!);
    const [hot, cold] = left
      ? [tree.leftChild[node]!, tree.rightChild[node]!]
      : [tree.rightChild[node]!, tree.leftChild[node]!];
    const count = tree.internalCount[node]!;
    const hotZero = rowsOf(tree, hot) / count;
    const coldZero = rowsOf(tree, cold) / count;
    let zero = 1;
    let one = 1;
    // a feature that has split before stands in the path once
    const before = this.#feature.subarray(base, base + depth + 1).indexOf(split);
    if (before >= 0) {
      zero = this.#zero[base + before]!;
      one = this.#one[base + before]!;
      this.#unwind(base, depth, before);
      depth--;
    }
    const next = base + depth + 1;
    this.#visit(tree, hot, depth + 1, base, next, hotZero * zero, one, split);
    this.#visit(tree, cold, depth + 1, base, next, coldZero * zero, 0, split);
  }

  #extend(base: number, depth: number, zero: number, one: number, feature: number): void {
    const weight = this.#weight;
    this.#feature[base + depth] = feature;
    this.#zero[base + depth] = zero;
    this.#one[base + depth] = one;
    weight[base + depth] = depth === 0 ? 1 : 0;
    for (let i = depth - 1; i >= 0; i--) {
      weight[base + i + 1]! += (one * weight[base + i]! * (i + 1)) / (depth + 1);
      weight[base + i] = (zero * weight[base + i]! * (depth - i)) / (depth + 1);
    }
  }

  #unwind(base: number, depth: number, at: number): void {
    const weight = this.#weight;
    const one = this.#one[base + at]!;
    const zero = this.#zero[base + at]!;
    let next = weight[base + depth]!;
    for (let i = depth - 1; i >= 0; i--) {
      if (one !== 0) {
        const old = weight[base + i]!;
        weight[base + i] = (next * (depth + 1)) / ((i + 1) * one);
        next = old - (weight[base + i]! * zero * (depth - i)) / (depth + 1);
      } else weight[base + i] = (weight[base + i]! * (depth + 1)) / (zero * (depth - i));
    }
    for (const list of [this.#feature, this.#zero, this.#one])
      list.copyWithin(base + at, base + at + 1, base + depth + 1);
  }

  #unwoundSum(base: number, depth: number, at: number): number {
    const weight = this.#weight;
    const one = this.#one[base + at]!;
    const zero = this.#zero[base + at]!;
    let next = weight[base + depth]!;
    let total = 0;
    for (let i = depth - 1; i >= 0; i--) {
      if (one !== 0) {
        const part = (next * (depth + 1)) / ((i + 1) * one);
        total += part;
        next = weight[base + i]! - part * zero * ((depth - i) / (depth + 1));
      } else total += weight[base + i]! / zero / ((depth - i) / (depth + 1));
    }
    return total;
  }
}

function rowsOf(tree: Tree, node: number): number {
  return node >= 0 ? tree.internalCount[node]! : tree.leafCount[~node]!;
}

/** Mean output over the rows the tree was grown on. */
export function expectedValue({ numLeaves, leafValue, leafCount, internalCount }: Tree): number {
  if (numLeaves === 1) return leafValue[0]!;
  let value = 0;
  for (let leaf = 0; leaf < numLeaves; leaf++)
    value += (leafCount[leaf]! / internalCount[0]!) * leafValue[leaf]!;
  return value;
}

/** Splits on the longest way from the root to a leaf. */
export function depthOf({ numLeaves, leftChild, rightChild }: Tree): number {
  if (numLeaves === 1) return 0;
  const depth = new Int32Array(numLeaves - 1);
  let deepest = 1;
  // children come after their parents
  for (let node = 0; node < numLeaves - 1; node++)
    for (const child of [leftChild[node]!, rightChild[node]!]) {
      deepest = Math.max(deepest, depth[node]! + 1);
      if (child >= 0) depth[child] = depth[node]! + 1;
    }
  return deepest;
}
