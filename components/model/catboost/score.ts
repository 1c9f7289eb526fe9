/** Sums of gradients and weights of some rows on both sides of a border. */
export interface Sides {
  leftGradient: number;
  leftWeight: number;
  rightGradient: number;
  rightWeight: number;
}

/**
 * How well leaf values fit the gradients: `L2` sum(v g), `Cosine` sum(v g) / sqrt(sum(v^2 w)), with v = g / (w + l2) in each leaf. Source:
 * catboost/private/libs/algo/score_calcers.h.
 */
export class SplitScore {
  readonly #cosine: boolean;
  readonly #l2: number;
  #fit = 0;
  #norm = 1e-100;

  constructor(cosine: boolean, l2: number) {
    this.#cosine = cosine;
    this.#l2 = l2;
  }

  reset(): void {
    this.#fit = 0;
    this.#norm = 1e-100;
  }

  /** Adds one leaf. */
  add(gradient: number, weight: number): void {
    if (weight <= 0) return;
    const value = gradient / (weight + this.#l2);
    this.#fit += value * gradient;
    this.#norm += value * value * weight;
  }

  get value(): number {
    return this.#cosine ? this.#fit / Math.sqrt(this.#norm) : this.#fit;
  }
}
