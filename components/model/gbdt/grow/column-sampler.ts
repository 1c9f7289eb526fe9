import type { Params } from '../params/resolve.ts';
import { Random } from '../random.ts';
import type { Interactions } from './interactions.ts';

/** Draws the features of each tree and node as LightGBM's ColSampler does (src/treelearner/col_sampler.hpp). */
export class ColumnSampler {
  readonly #features: number;
  readonly #byTree: number;
  readonly #byNode: number;
  readonly #random: Random;
  readonly #interactions: Interactions | null;
  readonly #columns: readonly number[];
  #used: Uint32Array;

  /** `columns`: those that are not trivial, ascending. */
  constructor(columns: readonly number[], params: Params, interactions: Interactions | null) {
    const features = columns.length;
    this.#columns = columns;
    this.#interactions = interactions;
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

  /** Features of the next node, null for all of the tree's. `path`: columns that split above it. */
  nextNode(path: readonly number[]): Uint32Array | null {
    const allowed = this.#interactions?.(path) ?? null;
    if (this.#byNode >= 1 && !allowed) return null;
    const free = allowed ? this.#used.filter((f) => allowed.has(this.#columns[f]!)) : this.#used;
    if (this.#byNode >= 1) return free;
    const count = Math.min(countOf(this.#used.length, this.#byNode), free.length);
    return this.#random.sample(free.length, count).map((i) => free[i]!);
  }
}

function countOf(total: number, fraction: number): number {
  return Math.max(Math.trunc(total * fraction + 0.5), Math.min(1, total));
}
