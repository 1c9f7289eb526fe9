import { constantTree, type Tree } from './tree.ts';

/** Room for sets of categories: they are as long as the largest category needs, which is known only when a tree has grown. */
const mostCategoryBytes = 2 ** 30;

/** A tree in shared memory: what walking needs of the one just grown, for all threads. */
export class TreeBoard {
  readonly memory: SharedArrayBuffer;
  readonly #categoriesAt: number;
  /** Leaves, and words of the sets of categories. */
  readonly #counts: Int32Array;
  readonly #views: Pick<
    Tree,
    'splitFeature' | 'leftChild' | 'rightChild' | 'decisionType' | 'threshold' | 'leafValue' | 'catBoundaries'
  >;

  /** `withCategories`: trees may split by categories. */
  constructor(maxLeaves: number, withCategories: boolean, memory?: SharedArrayBuffer) {
    const words = 8 * maxLeaves;
    this.#categoriesAt = 16 + 7 * words;
    this.memory =
      memory ??
      (withCategories
        ? new SharedArrayBuffer(this.#categoriesAt, {
            maxByteLength: this.#categoriesAt + mostCategoryBytes,
          })
        : new SharedArrayBuffer(this.#categoriesAt));
    this.#counts = new Int32Array(this.memory, 0, 2);
    this.#views = {
      splitFeature: new Int32Array(this.memory, 16, maxLeaves),
      leftChild: new Int32Array(this.memory, 16 + words, maxLeaves),
      rightChild: new Int32Array(this.memory, 16 + 2 * words, maxLeaves),
      decisionType: new Uint8Array(this.memory, 16 + 3 * words, maxLeaves),
      threshold: new Float64Array(this.memory, 16 + 4 * words, maxLeaves),
      leafValue: new Float64Array(this.memory, 16 + 5 * words, maxLeaves),
      catBoundaries: new Int32Array(this.memory, 16 + 6 * words, maxLeaves),
    };
  }

  write(tree: Tree): void {
    this.#counts.set([tree.numLeaves, tree.catThreshold.length]);
    this.#views.splitFeature.set(tree.splitFeature);
    this.#views.leftChild.set(tree.leftChild);
    this.#views.rightChild.set(tree.rightChild);
    this.#views.decisionType.set(tree.decisionType);
    this.#views.threshold.set(tree.threshold);
    this.#views.leafValue.set(tree.leafValue);
    this.#views.catBoundaries.set(tree.catBoundaries);
    if (tree.catThreshold.length === 0) return;
    const bytes = this.#categoriesAt + 4 * tree.catThreshold.length;
    if (this.memory.byteLength < bytes) this.memory.grow(bytes);
    this.#sets().set(tree.catThreshold);
  }

  read(): Tree {
    return {
      ...constantTree(0, 0),
      ...this.#views,
      numLeaves: this.#counts[0]!,
      catThreshold: this.#sets(),
    };
  }

  #sets(): Uint32Array {
    return new Uint32Array(this.memory, this.#categoriesAt, this.#counts[1]!);
  }
}
