import { epsilon } from '../constants.ts';
import { type Engine, Operation } from '../engine/engine.ts';
import type { Team } from '../engine/team.ts';
import { makeGoss } from '../grow/goss.ts';
import { allRows, makeBagging, type RowSampler } from '../grow/row-sampler.ts';
import { TreeLearner } from '../grow/tree-learner.ts';
import { lossBlock, totalWeight } from '../metric/metric.ts';
import { outputOf } from '../objective/convert.ts';
import { biased, constantTree, shrunk, type Tree } from '../tree/tree.ts';

/** Grows an ensemble tree by tree on the gradients of the loss. LightGBM's GBDT (src/boosting/gbdt.cpp). */
export class Boosting {
  readonly trees: Tree[] = [];
  protected readonly engine: Engine;
  protected readonly team: Team;
  protected readonly learner: TreeLearner;
  protected readonly sampler: RowSampler;
  /** What the next trees' outputs are multiplied with. */
  protected rate: number;
  /** Rows of the current bag, then the others; null: all rows. */
  protected bag: Uint32Array | null = null;
  protected bagged = 0;
  protected iteration = 0;
  /** Nothing can be split and nothing random will change that. */
  #stuck = false;

  constructor(engine: Engine, team: Team) {
    this.engine = engine;
    this.team = team;
    this.learner = new TreeLearner(engine, team);
    const { params, train, classes } = engine.shared;
    this.rate = params.learning_rate;
    this.sampler =
      params.data_sample_strategy === 'goss'
        ? makeGoss(params, train.length, classes)
        : (makeBagging(params, train, engine.layout.features.length) ?? allRows);
  }

  /** One iteration: a tree a class. An iteration in which nothing can be split adds nothing, the first one a constant. */
  step(): void {
    if (this.#stuck) return;
    const { shared, objective } = this.engine;
    const { params, classes, train } = shared;
    const starts = Array.from({ length: classes }, (_, k) => this.start(k));
    this.beforeGradients();
    if (params.bagging_by_query) this.sample();
    this.team.run(Operation.gradients);
    if (!params.bagging_by_query) this.sample();
    const first = this.trees.length < classes;
    const grown: Tree[] = [];
    let any = false;
    for (let k = 0; k < classes; k++) {
      const tree = this.grow(k);
      if (tree.numLeaves > 1) {
        any = true;
        const fitted = shrunk(this.renewed(tree, k, train.score), this.rate);
        this.addScores(fitted, k);
        grown.push(Math.abs(starts[k]!) > epsilon ? biased(fitted, starts[k]!) : fitted);
        continue;
      }
      if (first && !params.boost_from_average && !train.initScore) {
        starts[k] = objective.startScore(k);
        this.team.run(Operation.addConstant, k, starts[k]!);
      }
      grown.push(constantTree(first ? starts[k]! : 0, train.length));
    }
    if (any || first) this.trees.push(...grown);
    if (any) {
      this.iteration++;
      this.afterStep();
    } else
      this.#stuck =
        !first &&
        this.sampler === allRows &&
        params.feature_fraction >= 1 &&
        params.feature_fraction_bynode >= 1 &&
        !params.extra_trees &&
        params.boosting !== 'dart' &&
        params.objective !== 'rank_xendcg' &&
        params.cegb_penalty_feature_coupled.length === 0;
  }

  /** Called with the scores that gradients will be computed from. */
  protected beforeGradients(): void {}

  /** Called when an iteration has added its trees. */
  protected afterStep(): void {}

  /** Value of metric `index` of the engine on a validation set, or on the training data (-1). */
  evaluate(set: number, index: number): number {
    const { shared, metrics } = this.engine;
    const metric = metrics[index]!;
    const data = set < 0 ? shared.train : shared.valids[set]!;
    if (metric.whole) return metric.whole(data.score, data, outputOf(this.engine.objective.text));
    this.team.run(Operation.sumLosses, set, index);
    let sum = 0;
    for (let block = 0; block < Math.ceil(data.length / lossBlock); block++) sum += shared.lossSums[block]!;
    const weights = (metric.totalWeight ?? totalWeight)(data);
    const mean = sum / weights;
    return metric.finish ? metric.finish(mean, weights) : mean;
  }

  /** The score to start from, added to all scores; 0 where there is none. */
  protected start(k: number): number {
    const { shared, objective, layout } = this.engine;
    if (this.trees.length > 0 || shared.train.initScore) return 0;
    if (!shared.params.boost_from_average && layout.features.length > 0) return 0;
    const start = objective.startScore(k);
    if (!(Math.abs(start) > epsilon)) return 0;
    this.team.run(Operation.addConstant, k, start);
    return start;
  }

  protected sample(): void {
    if (this.sampler === allRows) return;
    const { shared, layout } = this.engine;
    const { train, classes, memory } = shared;
    const pairs = new Float32Array(memory.buffer, layout.pairs, 2 * classes * train.length);
    const rows = this.bag ?? new Uint32Array(train.length);
    const count = this.sampler.next(this.iteration, rows, pairs);
    if (count === null) return;
    this.bag = rows;
    this.bagged = count;
  }

  /** Writes the bag to the row list, which growing a tree reorders. */
  protected useBag(): number {
    const { shared, layout } = this.engine;
    new Uint32Array(shared.memory.buffer, layout.rows, shared.train.length).set(this.bag!);
    return this.bagged;
  }

  /** Leaf values from the residuals `label - score`, where the objective has better ones than -g / h. */
  protected renewed(tree: Tree, k: number, scores: Float64Array): Tree {
    const { objective, shared, layout } = this.engine;
    if (!objective.renew) return tree;
    const { train, memory, leafRanges } = shared;
    const rows = new Uint32Array(memory.buffer, layout.rows, train.length);
    const score = scores.subarray(k * train.length, (k + 1) * train.length);
    const leafValue = tree.leafValue.map((value, leaf) => {
      const begin = leafRanges[2 * leaf]!;
      return objective.renew!(value, rows.subarray(begin, begin + leafRanges[2 * leaf + 1]!), score);
    });
    return { ...tree, leafValue };
  }

  /** A tree from the current gradients, of one leaf where nothing can be split. */
  protected grow(k: number): Tree {
    const { objective, layout } = this.engine;
    const possible = objective.trainable(k) && layout.features.length > 0;
    return possible ? this.learner.grow(k, this.bag ? this.useBag() : null) : constantTree(0, 0);
  }

  protected addScores(tree: Tree, k: number): void {
    const { shared } = this.engine;
    const { length } = shared.train;
    this.engine.tree.write(tree);
    const grownOn = this.bag ? this.bagged : length;
    this.team.run(Operation.addLeaves, k * length, grownOn);
    const rest = [k * length, grownOn, length, 0];
    // rows may be listed twice then
    if (grownOn < length && shared.train.sampledQueries)
      this.engine.execute(Operation.walkTrain, Float64Array.from(rest), 0, 1);
    else if (grownOn < length) this.team.run(Operation.walkTrain, ...rest);
    for (let i = 0; i < shared.valids.length; i++) this.team.run(Operation.walkValid, i, k);
  }

  /** Adds the outputs of any tree to all training scores, or to those of all validation sets. */
  protected addTree(tree: Tree, k: number, to: 'train' | 'valid'): void {
    const { shared } = this.engine;
    this.engine.tree.write(tree);
    if (to === 'train')
      this.team.run(Operation.walkTrain, k * shared.train.length, 0, shared.train.length, 1);
    else for (let i = 0; i < shared.valids.length; i++) this.team.run(Operation.walkValid, i, k);
  }
}
