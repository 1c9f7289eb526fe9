import type { Engine } from '../engine/engine.ts';
import type { Team } from '../engine/team.ts';
import { Random } from '../random.ts';
import { shrunk } from '../tree/tree.ts';
import { Boosting } from './boosting.ts';

/** Boosting that leaves out some earlier trees while it fits the next, and shrinks both to fit. LightGBM's DART (src/boosting/dart.hpp). */
export class Dart extends Boosting {
  readonly #random: Random;
  /** Weight of each iteration's trees; unused with `uniform_drop`. */
  readonly #weights: number[] = [];
  #totalWeight = 0;
  #dropped: number[] = [];

  constructor(engine: Engine, team: Team) {
    super(engine, team);
    this.#random = new Random(engine.shared.params.drop_seed);
  }

  protected override beforeGradients(): void {
    const { learning_rate: rate, xgboost_dart_mode } = this.engine.shared.params;
    this.#dropped = this.#choose();
    for (const [at, k] of this.#droppedTrees()) this.#scale(at, k, -1, 'train');
    const count = this.#dropped.length;
    if (xgboost_dart_mode) this.rate = count === 0 ? rate : rate / (rate + count);
    else this.rate = rate / (1 + count);
  }

  /** Gives the dropped trees their new weight: what validation scores lose, training scores get back. */
  protected override afterStep(): void {
    const { learning_rate: rate, xgboost_dart_mode, uniform_drop } = this.engine.shared.params;
    const count = this.#dropped.length;
    const own = xgboost_dart_mode ? rate : 1;
    for (const [at, k] of this.#droppedTrees()) {
      this.#scale(at, k, xgboost_dart_mode ? this.rate : 1 / (count + 1), 'valid');
      this.#scale(at, k, xgboost_dart_mode ? -count / rate : -count, 'train');
    }
    if (uniform_drop) return;
    for (const iteration of this.#dropped) {
      this.#totalWeight -= this.#weights[iteration]! * (1 / (count + own));
      this.#weights[iteration]! *= count / (count + own);
    }
    this.#weights.push(this.rate);
    this.#totalWeight += this.rate;
  }

  /** Iterations whose trees are dropped this time. */
  #choose(): number[] {
    const { skip_drop, drop_rate, max_drop, uniform_drop } = this.engine.shared.params;
    const chosen: number[] = [];
    if (this.#random.nextFloat() < skip_drop) return chosen;
    const perWeight = this.#weights.length / this.#totalWeight;
    const most = uniform_drop ? max_drop / this.iteration : (max_drop * perWeight) / this.#totalWeight;
    const share = max_drop > 0 ? Math.min(drop_rate, most) : drop_rate;
    for (let i = 0; i < this.iteration; i++) {
      const own = uniform_drop ? share : share * this.#weights[i]! * perWeight;
      if (!(this.#random.nextFloat() < own)) continue;
      chosen.push(i);
      // a negative max_drop is no limit
      if (max_drop >= 0 && chosen.length >= max_drop) break;
    }
    return chosen;
  }

  #droppedTrees(): [at: number, k: number][] {
    const { classes } = this.engine.shared;
    return this.#dropped.flatMap((iteration) =>
      Array.from({ length: classes }, (_, k): [number, number] => [iteration * classes + k, k]),
    );
  }

  /** Multiplies a tree and adds the result to scores. */
  #scale(at: number, k: number, factor: number, to: 'train' | 'valid'): void {
    const tree = shrunk(this.trees[at]!, factor);
    this.trees[at] = tree;
    this.addTree(tree, k, to);
  }
}
