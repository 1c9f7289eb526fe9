import { Mt19937 } from '../../core/mt19937.ts';
import type { CatParams } from './params.ts';

/** Random numbers and row weights. The distributions are CatBoost's, the draws are our own. */
export class CatChance {
  readonly #params: CatParams;
  readonly #bits: Mt19937;
  #spareNormal = Number.NaN;

  constructor(params: CatParams) {
    this.#params = params;
    this.#bits = Mt19937.ofNumber(params.random_seed >>> 0);
  }

  /** In (0, 1). */
  uniform(): number {
    return (this.#bits.next() + 0.5) / 2 ** 32;
  }

  /** Standard normal, two at a time (Box and Muller). */
  normal(): number {
    const spare = this.#spareNormal;
    this.#spareNormal = Number.NaN;
    if (!Number.isNaN(spare)) return spare;
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Scales the pairs (gradient, weight) of each row by its weight in the next tree; 0 leaves it out. */
  bootstrap(pairs: Float32Array, meanLeafSquare: number): void {
    const weight = this.#weights(pairs, meanLeafSquare);
    if (!weight) return;
    for (let i = 0; i < pairs.length; i += 2) {
      const w = weight(pairs[i]!);
      pairs[i]! *= w;
      pairs[i + 1]! *= w;
    }
  }

  #weights(pairs: Float32Array, meanLeafSquare: number): ((gradient: number) => number) | null {
    const { bootstrap_type, bagging_temperature } = this.#params;
    const share = this.#params.subsample ?? (bootstrap_type === 'MVS' ? 0.8 : 0.66);
    switch (bootstrap_type) {
      case 'No':
        return null;
      case 'Bayesian':
        return () => (-Math.log(this.uniform())) ** bagging_temperature;
      case 'Bernoulli':
        return share >= 1 ? null : () => (this.uniform() < share ? 1 : 0);
      case 'Poisson': {
        if (share >= 1) return null;
        const limit = 1 - share;
        return () => this.#poisson(limit);
      }
      case 'MVS': {
        if (share >= 1) return null;
        const size = (g: number) => Math.sqrt(g * g + meanLeafSquare);
        const threshold = mvsThreshold(pairs, size, share);
        return (g) => {
          const chance = size(g) / threshold;
          return chance >= 1 ? 1 : this.uniform() < chance ? 1 / chance : 0;
        };
      }
    }
  }

  /** Poisson with P(0) = `limit`, by products of uniform numbers (Knuth). */
  #poisson(limit: number): number {
    let product = this.uniform();
    let count = 0;
    for (; product > limit; count++) product *= this.uniform();
    return count;
  }
}

/** The size from which on rows are always taken, so that `share` of all is taken on average (Ibragimov and Gusev 2019). */
function mvsThreshold(pairs: Float32Array, size: (gradient: number) => number, share: number): number {
  const sizes = new Float64Array(pairs.length / 2);
  for (let i = 0; i < sizes.length; i++) sizes[i] = size(pairs[2 * i]!);
  sizes.sort();
  const wanted = share * sizes.length;
  let sum = 0;
  // the k smallest are drawn with size / threshold, the others are certain
  for (let k = 1; k <= sizes.length; k++) {
    sum += sizes[k - 1]!;
    const certain = sizes.length - k;
    if (certain >= wanted) continue;
    const threshold = sum / (wanted - certain);
    if (k === sizes.length || threshold <= sizes[k]!) return Math.max(threshold, 1e-300);
  }
  return Math.max(sum / wanted, 1e-300);
}
