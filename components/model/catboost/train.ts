import { UserError } from '../../core/errors.ts';
import type { WorkerPool } from '../../core/workers.ts';
import { shareData } from '../gbdt/data.ts';
import type { FeatureColumn, TrainingData } from '../gbdt/index.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';
import { byColumn, columnsTask } from '../hist/by-column.ts';
import {
  type HistogramTeam,
  type HistogramTraining,
  histogramTask,
  runHistogramTask,
  threadsFor,
} from '../hist/histogram-team.ts';
import { CatBooster } from './booster.ts';
import { drawRowWeights } from './bootstrap.ts';
import { binningOf, findBorders } from './borders.ts';
import { type Candidate, makeCandidates } from './candidates.ts';
import { evaluateBytes, makeEvaluator } from './evaluate.ts';
import { CatGrower, type GrownTree, mostLeaves } from './grow-tree.ts';
import { type CatLoss, catLosses } from './loss.ts';
import { type CatParams, defaultLearningRate, resolveCatParams } from './params.ts';
import { CatRandom } from './random.ts';
import { drawSample } from './sample-rows.ts';

const float32Epsilon = 2 ** -23;

interface ValidSet {
  readonly columns: readonly FeatureColumn[];
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
}

interface Plan {
  readonly params: CatParams;
  readonly rate: number;
  readonly borders: readonly Float32Array[];
  readonly candidates: readonly Candidate[];
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly start: number;
  /** Random numbers that finding borders used up. */
  readonly drawn: number;
  readonly iterations: number;
  readonly stopAfter: number;
  readonly valid: ValidSet;
}

/** Figures of one iteration on both sets. */
export interface CatEvaluation {
  readonly train: number;
  readonly valid: number;
}

/**
 * Trains as `CatBoost.fit` with an evaluation set on its CPU: stops `stopAfter` iterations after the best and keeps the trees up to the best. Numerical
 * features, plain boosting. Draws what CatBoost draws with the same `random_seed`.
 * @throws UserError for parameters that do not fit.
 */
export async function trainCat(options: {
  readonly params: Readonly<Record<string, unknown>>;
  readonly data: TrainingData;
  readonly valid: TrainingData;
  readonly iterations: number;
  readonly stopAfter: number;
  readonly pool?: WorkerPool | undefined;
  readonly onIteration?: (iteration: number, evaluation: CatEvaluation) => void;
}): Promise<CatBooster> {
  const params = resolveCatParams(options.params);
  const { columns, length, label, weight } = shareData(options.data);
  if (length === 0) throw new UserError('the training data has no rows');
  const loss = catLosses[params.loss_function];
  const random = seededRandom(params);
  const sample = drawSample(length, random);
  const threads = threadsFor(options.pool, params.thread_count, length * columns.length);
  const borders = await byColumn({
    task: 'catboost-borders',
    work: bordersOf,
    columns,
    common: { length, sample, most: params.border_count },
    threads,
    pool: options.pool,
  });
  const start = params.boost_from_average ? loss.start(label, weight) : 0;
  const leaves = mostLeaves(params);
  const trees = await runHistogramTask<Plan, readonly Tree[]>({
    task: 'catboost-train',
    training,
    plan: {
      params,
      rate: Math.fround(params.learning_rate ?? defaultLearningRate(params, length, options.iterations)),
      borders,
      candidates: makeCandidates(borders, columns, length),
      label,
      weight,
      start,
      drawn: random.given,
      iterations: options.iterations,
      stopAfter: options.stopAfter,
      valid: shareData(options.valid),
    },
    columns,
    spec: {
      binnings: borders.map(binningOf),
      length,
      threads,
      // leaves of the last level need none
      slots: (params.grow_policy === 'Lossguide' ? leaves : leaves / 2) + 2,
      ownBytes: evaluateBytes(columns.length, leaves, threads),
    },
    pool: options.pool,
    onReport(message) {
      const [iteration, evaluation] = message as [number, CatEvaluation];
      options.onIteration?.(iteration, evaluation);
    },
  });
  return new CatBooster({ trees, loss: params.loss_function, bias: start, features: columns.length });
}

function fitCat(plan: Plan, team: HistogramTeam, report: (message: unknown) => void): readonly Tree[] {
  const { params, label, weight, valid, rate } = plan;
  const loss = catLosses[params.loss_function];
  const { pairs, rows } = team.engine;
  const random = seededRandom(params);
  random.skip(plan.drawn);
  const grower = new CatGrower(team, params, plan.borders, plan.candidates, random);
  const score = new Float64Array(label.length).fill(plan.start);
  const validScore = new Float64Array(valid.label.length).fill(plan.start);
  const walker = new RowWalker(valid.columns);
  const weights = weight ? weight.reduce((a, b) => a + b, 0) : label.length;
  const l2 = Math.fround(params.l2_leaf_reg) * (weights / label.length);
  const steps = params.leaf_estimation_iterations;
  const gradients = new Float64Array(label.length);
  const drawnWeights = new Float32Array(label.length);
  const trees: Tree[] = [];
  let best = Number.POSITIVE_INFINITY;
  let bestIteration = 0;
  let meanLeaf: number | null = null;
  for (let iteration = 0; iteration < plan.iterations; iteration++) {
    // CatBoost draws the number of the fold and a seed for ranking losses
    random.skip(2);
    let squares = 0;
    for (let i = 0; i < label.length; i++) {
      const g = loss.gradient(score[i]!, label[i]!) * (weight ? weight[i]! : 1);
      gradients[i] = g;
      squares += g * g;
    }
    const left = Math.exp(Math.log(label.length) - iteration * rate);
    const noise =
      Math.fround(params.random_strength) * Math.sqrt(squares / label.length) * (left / (1 + left));
    const leavesOut = drawRowWeights(params, random, gradients, meanLeaf, drawnWeights);
    const drawn = listRows(rows, drawnWeights, leavesOut);
    for (let i = 0; i < label.length; i++) {
      pairs[2 * i] = gradients[i]! * drawnWeights[i]!;
      pairs[2 * i + 1] = drawnWeights[i]! * (weight ? weight[i]! : 1);
    }
    const grown = grower.grow(drawn, noise, l2);
    // seeds for other losses: one for the folds, one for each step of leaf values
    random.skip(1 + steps);
    const tree = withLeafValues(grown, plan, loss, rows, score, l2);
    trees.push(tree);
    meanLeaf = tree.leafValue.reduce((a, b) => a + Math.abs(b), 0) / tree.numLeaves;
    for (const [leaf, { begin, end }] of grown.leaves.entries())
      for (let i = begin; i < end; i++) score[rows[i]!]! += tree.leafValue[leaf]!;
    walker.walk(tree, null, 0, validScore.length, (leaf, list, begin, end) => {
      for (let i = begin; i < end; i++) validScore[list[i]!]! += tree.leafValue[leaf]!;
    });
    const figure = evaluate(loss, validScore, valid.label, valid.weight);
    report([iteration, { train: evaluate(loss, score, label, weight), valid: figure }]);
    if (figure < best) {
      best = figure;
      bestIteration = iteration;
    } else if (iteration - bestIteration >= plan.stopAfter) break;
  }
  return trees.slice(0, bestIteration + 1);
}

function bordersOf(
  column: FeatureColumn,
  { length, sample, most }: { length: number; sample: Uint32Array | null; most: number },
): Float32Array {
  return findBorders(column, length, sample, most);
}

function seededRandom({ random_seed }: CatParams): CatRandom {
  return new CatRandom(Math.floor(random_seed / 2 ** 32), random_seed >>> 0);
}

/** Lists the rows that are drawn, then the others; returns how many are drawn. */
function listRows(rows: Uint32Array, weights: Float32Array, leavesOut: boolean): number {
  let drawn = 0;
  for (let i = 0; i < rows.length; i++) if (!leavesOut || weights[i]! > float32Epsilon) rows[drawn++] = i;
  let at = drawn;
  if (leavesOut) for (let i = 0; i < rows.length; i++) if (!(weights[i]! > float32Epsilon)) rows[at++] = i;
  return drawn;
}

/** Leaf values from all rows and their own weights: Newton steps, each from the values before. */
function withLeafValues(
  { tree, leaves }: GrownTree,
  { params, label, weight, rate }: Plan,
  loss: CatLoss,
  rows: Uint32Array,
  score: Float64Array,
  l2: number,
): Tree {
  const steps = params.leaf_estimation_iterations;
  const leafValue = Float64Array.from(leaves, ({ begin, end }) => {
    let value = 0;
    for (let step = 0; step < steps; step++) {
      let gradient = 0;
      let hessian = 0;
      for (let i = begin; i < end; i++) {
        const row = rows[i]!;
        const w = weight ? weight[row]! : 1;
        gradient += w * loss.gradient(score[row]! + value, label[row]!);
        hessian += w * loss.hessian(score[row]! + value, label[row]!);
      }
      value += hessian + l2 > 0 ? gradient / (hessian + l2) : 0;
    }
    return value * rate;
  });
  return { ...tree, leafValue, shrinkage: rate };
}

function evaluate(
  loss: CatLoss,
  score: Float64Array,
  label: Float32Array,
  weight: Float32Array | null,
): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w * loss.loss(score[i]!, label[i]!);
    weights += w;
  }
  return loss.finish(sum / weights);
}

const training: HistogramTraining<Plan, readonly Tree[]> = {
  evaluator: (engine, { params }) => makeEvaluator(engine, mostLeaves(params)),
  learn: fitCat,
};

/** The worker task `catboost-train`. */
export const catTask = histogramTask(training);

/** The worker task `catboost-borders`. */
export const bordersTask = columnsTask(bordersOf);
