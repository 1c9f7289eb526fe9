import { Mt19937 } from '../../core/mt19937.ts';
import type { FeatureSampler } from './grow-tree.ts';
import { LinearGenerator } from './linear-generator.ts';
import type { XgbParams } from './params.ts';
import { stdShuffle } from './std-shuffle.ts';

const round = Math.fround;

/** Draws rows and features as XGBoost 3.2 does by `seed` on Linux (src/common/random.h, src/tree/hist/sampler.h). */
export class XgbSamplers implements FeatureSampler {
  readonly #params: XgbParams;
  readonly #bits: Mt19937;
  readonly #ofFeatures: Mt19937;
  readonly #all: readonly number[];
  #ofTree: readonly number[];
  #ofLevels = new Map<number, readonly number[]>();

  constructor(params: XgbParams, features: number) {
    this.#params = params;
    this.#bits = Mt19937.ofNumber(params.seed >>> 0);
    this.#ofFeatures = Mt19937.ofNumber(this.#bits.next());
    this.#all = Array.from({ length: features }, (_, f) => f);
    this.#ofTree = this.#all;
    // XGBoost draws features once before the first tree
    this.#draw(this.#all, params.colsample_bytree);
  }

  newTree(): void {
    this.#ofTree = this.#draw(this.#all, this.#params.colsample_bytree);
    this.#ofLevels = new Map();
  }

  ofNode(depth: number): readonly number[] {
    if (this.#params.colsample_bylevel === 1 && this.#params.colsample_bynode === 1) return this.#ofTree;
    let level = this.#ofLevels.get(depth);
    if (!level) {
      level = this.#draw(this.#ofTree, this.#params.colsample_bylevel);
      this.#ofLevels.set(depth, level);
    }
    return this.#draw(level, this.#params.colsample_bynode);
  }

  /** Takes the pairs of the rows that are left out of the next tree away. */
  dropRows(pairs: Float32Array): void {
    const share = round(this.#params.subsample);
    if (share >= 1) return;
    const generator = new LinearGenerator(this.#bits.next());
    for (let i = 0; i < pairs.length; i += 2)
      if (!(generator.uniform() < share)) {
        pairs[i] = 0;
        pairs[i + 1] = 0;
      }
  }

  #draw(from: readonly number[], given: number): readonly number[] {
    const share = round(given);
    if (share === 1) return from;
    const count = Math.max(1, Math.trunc(round(share * from.length)));
    const features = [...from];
    stdShuffle(features, this.#ofFeatures);
    return features.slice(0, count).sort((a, b) => a - b);
  }
}
