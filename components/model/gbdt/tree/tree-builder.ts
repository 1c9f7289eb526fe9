import type { MissingType } from '../constants.ts';
import { categoricalBit, decisionTypeOf, type Tree } from './tree.ts';

export interface TreeSplit {
  readonly feature: number;
  readonly threshold: number;
  /** Bin of the threshold, for those who look at the growing tree. */
  readonly thresholdBin?: number;
  /** Categories that go left; `threshold` counts for nothing then. */
  readonly categories?: readonly number[] | null;
  readonly missing: MissingType;
  readonly defaultLeft: boolean;
  readonly gain: number;
  readonly leftValue: number;
  readonly rightValue: number;
  readonly leftWeight: number;
  readonly rightWeight: number;
  readonly leftCount: number;
  readonly rightCount: number;
}

/** A tree while it grows: leaf 0 is the root; a split keeps the left child's number and gives the right one the next. */
export class TreeBuilder {
  numLeaves = 1;
  readonly leafDepth: Int32Array;
  /** Features that split on the way to each leaf. */
  readonly paths: (readonly number[])[] = [[]];
  readonly leafParent: Int32Array;
  readonly splitFeature: Int32Array;
  readonly thresholdBin: Int32Array;
  readonly #catBoundaries: number[] = [0];
  readonly #catThreshold: number[] = [];
  readonly #splitGain: Float32Array;
  readonly #threshold: Float64Array;
  readonly #decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly leafValue: Float64Array;
  readonly #leafWeight: Float64Array;
  readonly #leafCount: Int32Array;
  readonly #internalValue: Float64Array;
  readonly #internalWeight: Float64Array;
  readonly #internalCount: Int32Array;

  constructor(maxLeaves: number, rootValue: number) {
    const nodes = maxLeaves - 1;
    this.leafDepth = new Int32Array(maxLeaves);
    this.leafParent = new Int32Array(maxLeaves).fill(-1);
    this.splitFeature = new Int32Array(nodes);
    this.thresholdBin = new Int32Array(nodes);
    this.#splitGain = new Float32Array(nodes);
    this.#threshold = new Float64Array(nodes);
    this.#decisionType = new Uint8Array(nodes);
    this.leftChild = new Int32Array(nodes);
    this.rightChild = new Int32Array(nodes);
    this.leafValue = new Float64Array(maxLeaves);
    this.leafValue[0] = rootValue;
    this.#leafWeight = new Float64Array(maxLeaves);
    this.#leafCount = new Int32Array(maxLeaves);
    this.#internalValue = new Float64Array(nodes);
    this.#internalWeight = new Float64Array(nodes);
    this.#internalCount = new Int32Array(nodes);
  }

  /** Splits a leaf; returns the number of the new right leaf. */
  split(leaf: number, s: TreeSplit): number {
    const node = this.numLeaves - 1;
    const right = this.numLeaves;
    const parent = this.leafParent[leaf]!;
    if (parent >= 0) {
      if (this.leftChild[parent] === ~leaf) this.leftChild[parent] = node;
      else this.rightChild[parent] = node;
    }
    this.splitFeature[node] = s.feature;
    this.#splitGain[node] = s.gain;
    this.thresholdBin[node] = s.thresholdBin ?? 0;
    this.#threshold[node] = s.categories ? this.#addCategories(s.categories) : s.threshold;
    this.#decisionType[node] = s.categories
      ? decisionTypeOf(s.missing, false) | categoricalBit
      : decisionTypeOf(s.missing, s.defaultLeft);
    this.leftChild[node] = ~leaf;
    this.rightChild[node] = ~right;
    this.leafParent[leaf] = node;
    this.leafParent[right] = node;
    this.#internalValue[node] = this.leafValue[leaf]!;
    this.#internalWeight[node] = s.leftWeight + s.rightWeight;
    this.#internalCount[node] = s.leftCount + s.rightCount;
    this.leafValue[leaf] = Number.isNaN(s.leftValue) ? 0 : s.leftValue;
    this.leafValue[right] = Number.isNaN(s.rightValue) ? 0 : s.rightValue;
    this.#leafWeight[leaf] = s.leftWeight;
    this.#leafWeight[right] = s.rightWeight;
    this.#leafCount[leaf] = s.leftCount;
    this.#leafCount[right] = s.rightCount;
    this.leafDepth[right] = this.leafDepth[leaf]! + 1;
    this.leafDepth[leaf] = this.leafDepth[right]!;
    this.paths[leaf] = [...this.paths[leaf]!, s.feature];
    this.paths[right] = this.paths[leaf]!;
    this.numLeaves++;
    return right;
  }

  isNumerical(node: number): boolean {
    return (this.#decisionType[node]! & categoricalBit) === 0;
  }

  /** Adds a set of categories as bits; returns its number. */
  #addCategories(categories: readonly number[]): number {
    const from = this.#catThreshold.length;
    for (const category of categories) {
      const word = from + (category >>> 5);
      while (this.#catThreshold.length <= word) this.#catThreshold.push(0);
      this.#catThreshold[word] = (this.#catThreshold[word]! | (1 << (category & 31))) >>> 0;
    }
    return this.#catBoundaries.push(this.#catThreshold.length) - 2;
  }

  build(): Tree {
    const leaves = this.numLeaves;
    const nodes = leaves - 1;
    return {
      numLeaves: leaves,
      splitFeature: this.splitFeature.slice(0, nodes),
      splitGain: this.#splitGain.slice(0, nodes),
      threshold: this.#threshold.slice(0, nodes),
      decisionType: this.#decisionType.slice(0, nodes),
      leftChild: this.leftChild.slice(0, nodes),
      rightChild: this.rightChild.slice(0, nodes),
      leafValue: this.leafValue.slice(0, leaves),
      leafWeight: this.#leafWeight.slice(0, leaves),
      leafCount: this.#leafCount.slice(0, leaves),
      internalValue: this.#internalValue.slice(0, nodes),
      internalWeight: this.#internalWeight.slice(0, nodes),
      internalCount: this.#internalCount.slice(0, nodes),
      catBoundaries: Int32Array.from(this.#catBoundaries),
      catThreshold: Uint32Array.from(this.#catThreshold),
      shrinkage: 1,
    };
  }
}
