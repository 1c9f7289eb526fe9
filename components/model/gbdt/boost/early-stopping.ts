/** One figure of one set after an iteration. */
export interface Evaluation {
  readonly set: string;
  readonly metric: string;
  readonly value: number;
  readonly maximize: boolean;
  /** Computed on the training data: never stops the training. */
  readonly ofTraining: boolean;
}

export interface EarlyStopping {
  /** Iterations without improvement after which training stops. */
  readonly rounds: number;
  readonly firstMetricOnly?: boolean;
  /** Improvements must be larger than this. */
  readonly minDelta?: number;
}

/**
 * Watches evaluations as lightgbm's `early_stopping` callback does: stops when any figure of any validation set has not improved for `rounds`
 * iterations; at the last iteration the best one of the first validation figure counts.
 */
export class EarlyStopper {
  readonly #rule: EarlyStopping;
  readonly #lastIteration: number;
  readonly #best: { value: number; iteration: number }[] = [];

  constructor(rule: EarlyStopping, lastIteration: number) {
    this.#rule = rule;
    this.#lastIteration = lastIteration;
  }

  /** The best iteration, counted from 0, if training ends here; null to go on. */
  check(iteration: number, evaluations: readonly Evaluation[]): number | null {
    const { rounds, firstMetricOnly = false, minDelta = 0 } = this.#rule;
    for (const [i, { value, metric, maximize, ofTraining }] of evaluations.entries()) {
      const best = this.#best[i];
      const improved = !best || (maximize ? value > best.value + minDelta : value < best.value - minDelta);
      if (improved) this.#best[i] = { value, iteration };
      if ((firstMetricOnly && metric !== evaluations[0]!.metric) || ofTraining) continue;
      const bestIteration = this.#best[i]!.iteration;
      if (iteration - bestIteration >= rounds || iteration === this.#lastIteration) return bestIteration;
    }
    return null;
  }
}
