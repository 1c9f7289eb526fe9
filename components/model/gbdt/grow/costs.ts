import type { Params } from '../params/resolve.ts';
import { isBetter, type Split } from './split.ts';

/**
 * What splits and features cost: gains are lowered by `cegb_penalty_split` a row, and by `cegb_penalty_feature_coupled` where a feature is used
 * for the first time. Source: LightGBM `CostEfficientGradientBoosting`; Peter et al. 2017.
 */
export class Costs {
  /** Cost of a split, a row of its leaf. */
  readonly perRow: number;
  /** Of each column. */
  readonly #first: readonly number[];
  readonly #used = new Set<number>();
  /** Splits found in the tree, by leaf and column, before their costs. */
  #found: Map<number, Split>[] = [];

  static of(params: Params): Costs | null {
    const { cegb_tradeoff, cegb_penalty_split, cegb_penalty_feature_coupled } = params;
    const free = cegb_tradeoff >= 1 && cegb_penalty_split <= 0 && cegb_penalty_feature_coupled.length === 0;
    return free ? null : new Costs(params);
  }

  private constructor({ cegb_tradeoff, cegb_penalty_split, cegb_penalty_feature_coupled }: Params) {
    this.perRow = cegb_tradeoff * cegb_penalty_split;
    this.#first = cegb_penalty_feature_coupled.map((cost) => cegb_tradeoff * cost);
  }

  /** Features cost something where they are first used. */
  get coupled(): boolean {
    return this.#first.length > 0;
  }

  newTree(): void {
    this.#found = [];
  }

  /** What a split of `leaf` costs. */
  charge(split: Split, leaf: number, rows: number): number {
    this.#found[leaf] ??= new Map();
    this.#found[leaf].set(split.column, split);
    let cost = this.perRow * rows;
    if (this.#first.length > 0 && !this.#used.has(split.column)) cost += this.#first[split.column]!;
    return cost;
  }

  /** `leaf` has no split by `column`, whatever it had before. */
  forget(column: number, leaf: number): void {
    this.#found[leaf]?.delete(column);
  }

  /** Called before a leaf is split: where its feature was not used before, it is now cheaper in other leaves. `best`: the best splits of all leaves. */
  use(leaf: number, { column }: Split, best: { split: Split | null }[]): void {
    if (this.#first.length === 0 || this.#used.has(column)) return;
    this.#used.add(column);
    for (const [other, open] of best.entries()) {
      const found = other === leaf ? undefined : this.#found[other]?.get(column);
      if (!found) continue;
      const cheaper = { ...found, gain: found.gain + this.#first[column]! };
      this.#found[other]!.set(column, cheaper);
      if (open.split && open.split.gain > Number.NEGATIVE_INFINITY && isBetter(cheaper, open.split))
        open.split = cheaper;
    }
  }
}
