import { constantTree, type Tree } from './tree.ts';

/** A tree in shared memory: what walking needs of the one just grown, for all threads. */
export class TreeBoard {
  readonly memory: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #views: Pick<
    Tree,
    'splitFeature' | 'leftChild' | 'rightChild' | 'decisionType' | 'threshold' | 'leafValue'
  >;

  constructor(maxLeaves: number, memory?: SharedArrayBuffer) {
    const words = 8 * maxLeaves;
    this.memory = memory ?? new SharedArrayBuffer(8 + 6 * words);
    this.#count = new Int32Array(this.memory, 0, 1);
    this.#views = {
      splitFeature: new Int32Array(this.memory, 8, maxLeaves),
      leftChild: new Int32Array(this.memory, 8 + words, maxLeaves),
      rightChild: new Int32Array(this.memory, 8 + 2 * words, maxLeaves),
      decisionType: new Uint8Array(this.memory, 8 + 3 * words, maxLeaves),
      threshold: new Float64Array(this.memory, 8 + 4 * words, maxLeaves),
      leafValue: new Float64Array(this.memory, 8 + 5 * words, maxLeaves),
    };
  }

  write(tree: Tree): void {
    this.#count[0] = tree.numLeaves;
    this.#views.splitFeature.set(tree.splitFeature);
    this.#views.leftChild.set(tree.leftChild);
    this.#views.rightChild.set(tree.rightChild);
    this.#views.decisionType.set(tree.decisionType);
    this.#views.threshold.set(tree.threshold);
    this.#views.leafValue.set(tree.leafValue);
  }

  read(): Tree {
    return { ...constantTree(0, 0), ...this.#views, numLeaves: this.#count[0]! };
  }
}
