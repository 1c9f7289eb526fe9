import { type MissingType, zeroThreshold } from '../constants.ts';

/** Bits of a node's `decisionType`, as LightGBM stores them; bits 2 and 3 are the missing type. */
export const categoricalBit = 1;
export const defaultLeftBit = 2;

/**
 * A regression tree in LightGBM's arrays. Node n < numLeaves - 1 goes left where `value <= threshold[n]`; a negative child c is leaf ~c.
 * All arrays have exactly the tree's size. Plain data, so that it can go between threads.
 */
export interface Tree {
  readonly numLeaves: number;
  /** Index of the feature among all columns of the training data. */
  readonly splitFeature: Int32Array;
  /** float32 in LightGBM. */
  readonly splitGain: Float32Array;
  /** Of a categorical node: its place in `catBoundaries`. */
  readonly threshold: Float64Array;
  readonly decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly leafValue: Float64Array;
  /** Sum of hessians. */
  readonly leafWeight: Float64Array;
  readonly leafCount: Int32Array;
  readonly internalValue: Float64Array;
  readonly internalWeight: Float64Array;
  readonly internalCount: Int32Array;
  /** Categories that go left, as bit sets of 32-bit words: those of set i are `catThreshold[catBoundaries[i] .. catBoundaries[i + 1]]`. */
  readonly catBoundaries: Int32Array;
  readonly catThreshold: Uint32Array;
  readonly shrinkage: number;
}

export function missingTypeOf(decisionType: number): MissingType {
  return ((decisionType >> 2) & 3) as MissingType;
}

export function decisionTypeOf(missing: MissingType, defaultLeft: boolean): number {
  return (missing << 2) | (defaultLeft ? defaultLeftBit : 0);
}

/** A tree of one leaf. */
export function constantTree(value: number, count: number): Tree {
  return {
    numLeaves: 1,
    splitFeature: new Int32Array(0),
    splitGain: new Float32Array(0),
    threshold: new Float64Array(0),
    decisionType: new Uint8Array(0),
    leftChild: new Int32Array(0),
    rightChild: new Int32Array(0),
    leafValue: Float64Array.of(value),
    leafWeight: Float64Array.of(0),
    leafCount: Int32Array.of(count),
    internalValue: new Float64Array(0),
    internalWeight: new Float64Array(0),
    internalCount: new Int32Array(0),
    catBoundaries: Int32Array.of(0),
    catThreshold: new Uint32Array(0),
    shrinkage: 1,
  };
}

/** All outputs times `rate`. */
export function shrunk(tree: Tree, rate: number): Tree {
  return {
    ...tree,
    leafValue: tree.leafValue.map((x) => roundToZero(x * rate)),
    internalValue: tree.internalValue.map((x) => roundToZero(x * rate)),
    shrinkage: tree.shrinkage * rate,
  };
}

/** All outputs plus `bias`: how the first tree carries the start score. */
export function biased(tree: Tree, bias: number): Tree {
  return {
    ...tree,
    leafValue: tree.leafValue.map((x) => roundToZero(x + bias)),
    internalValue: tree.internalValue.map((x) => roundToZero(x + bias)),
    shrinkage: 1,
  };
}

function roundToZero(x: number): number {
  return x >= -zeroThreshold && x <= zeroThreshold ? 0 : x;
}
