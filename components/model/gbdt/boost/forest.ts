import { UserError } from '../../../core/errors.ts';
import { epsilon } from '../constants.ts';
import { type Engine, Operation } from '../engine/engine.ts';
import type { Team } from '../engine/team.ts';
import { copiesBag } from '../grow/row-sampler.ts';
import { biased, constantTree, type Tree } from '../tree/tree.ts';
import { Boosting } from './boosting.ts';

/** Trees that each fit the label alone, on a bag of rows or features; the prediction is their mean. LightGBM's RF (src/boosting/rf.hpp). */
export class Forest extends Boosting {
  readonly #starts: number[];
  readonly #constant: Float64Array;

  constructor(engine: Engine, team: Team) {
    super(engine, team);
    const { params, classes, train } = engine.shared;
    const bags = params.bagging_freq > 0 && params.bagging_fraction < 1;
    if (params.data_sample_strategy === 'bagging' && !bags && params.feature_fraction >= 1)
      throw new UserError('a random forest without chance', {
        hint: 'give bagging_fraction below 1 and bagging_freq above 0, or feature_fraction below 1',
        path: ['boosting'],
      });
    if (train.initScore)
      throw new UserError('a random forest has no score to start from', { path: ['boosting'] });
    this.#starts = Array.from({ length: classes }, (_, k) => {
      const start = params.boost_from_average ? engine.objective.startScore(k) : 0;
      return Math.abs(start) > epsilon ? start : 0;
    });
    this.#constant = Float64Array.from(train.score, (_, i) => this.#starts[Math.floor(i / train.length)]!);
    // gradients at the start are those of all trees
    const scores = train.score.slice();
    train.score.set(this.#constant);
    team.run(Operation.gradients);
    train.score.set(scores);
  }

  override step(): void {
    this.sample();
    const { shared, objective } = this.engine;
    for (let k = 0; k < shared.classes; k++) {
      const start = this.#starts[k]!;
      const grown = this.grow(k);
      const first = this.trees.length < shared.classes;
      if (grown.numLeaves > 1) {
        const tree = this.renewed(grown, k, this.#constant);
        const fitted = Math.abs(start) > epsilon ? biased(tree, start) : tree;
        this.#average(k, () => this.addScores(fitted, k));
        this.trees.push(fitted);
      } else if (first) {
        const value = objective.trainable(k) ? 0 : objective.startScore(k);
        const tree = constantTree(value, shared.train.length);
        this.#average(k, () => {
          this.#addConstant(tree, k);
          this.addTree(tree, k, 'valid');
        });
        this.trees.push(tree);
        // LightGBM keeps the single leaf, but does not add it to scores
      } else this.trees.push(grown);
    }
    this.iteration++;
  }

  /** LightGBM looks for the classes of the data even where there is nothing to split by. */
  protected override grow(k: number): Tree {
    if (!this.engine.objective.trainable(k)) return constantTree(0, 0);
    return this.learner.grow(k, this.bag ? this.useBag() : null);
  }

  /** A first tree of one leaf does not reach the scores of the rows it was grown on, unless LightGBM copies the bag's rows. */
  #addConstant(tree: Tree, k: number): void {
    const { params, train } = this.engine.shared;
    if (this.bag && copiesBag(params, train.length, this.engine.layout.features.length))
      this.addTree(tree, k, 'train');
    else if (this.bag)
      for (const row of this.bag.subarray(this.bagged))
        train.score[k * train.length + row]! += tree.leafValue[0]!;
  }

  /** Turns mean scores into sums, lets `add` add to them, and back. */
  #average(k: number, add: () => void): void {
    this.team.run(Operation.scaleScores, k, this.iteration);
    add();
    this.team.run(Operation.scaleScores, k, 1 / (this.iteration + 1));
  }
}
