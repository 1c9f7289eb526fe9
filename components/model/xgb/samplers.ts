import { Mt19937 } from '../../core/mt19937.ts';
import type { FeatureSampler } from './grow-tree.ts';
import type { XgbParams } from './params.ts';

/** Draws rows and features by `seed`. The shares are XGBoost's, the draws are our own: its generator depends on the C++ library. */
export class XgbSamplers implements FeatureSampler {
  readonly #params: XgbParams;
  readonly #bits: Mt19937;
  readonly #all: readonly number[];
  #ofTree: readonly number[];
  #ofLevels = new Map<number, readonly number[]>();

  constructor(params: XgbParams, features: number) {
    this.#params = params;
    this.#bits = Mt19937.ofNumber(params.seed >>> 0);
    this.#all = Array.from({ length: features }, (_, f) => f);
    this.#ofTree = this.#all;
  }

  newTree(): void {
    this.#ofTree = this.#draw(this.#all, this.#params.colsample_bytree);
    this.#ofLevels = new Map();
  }

  ofNode(depth: number): readonly number[] {
    let level = this.#ofLevels.get(depth);
    if (!level) {
      level = this.#draw(this.#ofTree, this.#params.colsample_bylevel);
      this.#ofLevels.set(depth, level);
    }
    return this.#draw(level, this.#params.colsample_bynode);
  }

  /** Takes the pairs of the rows that are left out of the next tree away. */
  dropRows(pairs: Float32Array): void {
    const share = this.#params.subsample * 2 ** 32;
    if (this.#params.subsample >= 1) return;
    for (let i = 0; i < pairs.length; i += 2)
      if (this.#bits.next() >= share) {
        pairs[i] = 0;
        pairs[i + 1] = 0;
      }
  }

  #draw(from: readonly number[], share: number): readonly number[] {
    if (share >= 1) return from;
    const count = Math.max(1, Math.trunc(share * from.length));
    const left = [...from];
    const chosen: number[] = [];
    for (let k = 0; k < count; k++)
      chosen.push(...left.splice(Math.floor((this.#bits.next() / 2 ** 32) * left.length), 1));
    return chosen.sort((a, b) => a - b);
  }
}
