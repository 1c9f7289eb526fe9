import type { Params } from '../params/resolve.ts';
import { Random } from '../random.ts';

/** Draws the features of each tree and node as LightGBM's ColSampler does (src/treelearner/col_sampler.hpp). */
export class ColumnSampler {
  readonly #features: number;
  readonly #byTree: number;
  readonly #byNode: number;
  readonly #random: Random;
  #used: Uint32Array;

  /** `features`: number of features that are not trivial. */
  constructor(features: number, params: Params) {
    this.#features = features;
    this.#byTree = params.feature_fraction;
    this.#byNode = params.feature_fraction_bynode;
    this.#random = new Random(params.feature_fraction_seed);
    this.#used = Uint32Array.from({ length: features }, (_, f) => f);
    // LightGBM draws once when it gets the data
    this.nextTree();
  }

  /** Features of the next tree, ascending indices among those that are not trivial. */
  nextTree(): Uint32Array {
    if (this.#byTree < 1)
      this.#used = this.#random.sample(this.#features, countOf(this.#features, this.#byTree));
    return this.#used;
  }

  /** Features of the next node, null for all of the tree's. */
  nextNode(): Uint32Array | null {
    if (this.#byNode >= 1) return null;
    const count = countOf(this.#used.length, this.#byNode);
    return this.#random.sample(this.#used.length, count).map((i) => this.#used[i]!);
  }
}

function countOf(total: number, fraction: number): number {
  return Math.max(Math.trunc(total * fraction + 0.5), Math.min(1, total));
}
