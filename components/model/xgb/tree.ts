import { missingNaN } from '../gbdt/constants.ts';
import { constantTree, decisionTypeOf, type Tree } from '../gbdt/tree/tree.ts';

/** A tree in XGBoost's arrays, one entry a node; node 0 is the root, a leaf has left child -1. A row goes left where its value is below the condition. */
export interface XgbTree {
  readonly left: number[];
  readonly right: number[];
  readonly parent: number[];
  readonly feature: number[];
  /** Of a leaf: its value. */
  readonly condition: number[];
  readonly defaultLeft: number[];
  readonly gain: number[];
  readonly hessian: number[];
  readonly weight: number[];
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next smaller float32. */
function below(x: number): number {
  float[0] = x;
  if (x === 0) return -1.401298464324817e-45;
  bits[0] = bits[0]! + (x > 0 ? -1 : 1);
  return float[0]!;
}

/** The same tree in LightGBM's arrays: for float32 values `x < c` is `x <=` the float32 before c. */
export function asWalkable(tree: XgbTree): Tree {
  const inner: number[] = [];
  const leaves: number[] = [];
  const places = tree.left.map((left, node) => (left < 0 ? ~(leaves.push(node) - 1) : inner.push(node) - 1));
  if (inner.length === 0) return constantTree(tree.condition[0]!, 0);
  return {
    ...constantTree(0, 0),
    numLeaves: leaves.length,
    splitFeature: Int32Array.from(inner, (node) => tree.feature[node]!),
    threshold: Float64Array.from(inner, (node) => below(tree.condition[node]!)),
    decisionType: Uint8Array.from(inner, (node) => decisionTypeOf(missingNaN, tree.defaultLeft[node] === 1)),
    leftChild: Int32Array.from(inner, (node) => places[tree.left[node]!]!),
    rightChild: Int32Array.from(inner, (node) => places[tree.right[node]!]!),
    leafValue: Float64Array.from(leaves, (node) => tree.condition[node]!),
  };
}
