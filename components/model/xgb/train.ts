import { UserError } from '../../core/errors.ts';
import type { WorkerPool } from '../../core/workers.ts';
import { shareData } from '../gbdt/data.ts';
import type { FeatureColumn, TrainingData } from '../gbdt/index.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';
import { byColumn, columnsTask } from '../hist/by-column.ts';
import {
  type HistogramTeam,
  type HistogramTraining,
  histogramTask,
  runHistogramTask,
  threadsFor,
} from '../hist/histogram-team.ts';
import { XgbBooster } from './booster.ts';
import { binningOf, type Cuts, findCuts } from './cuts.ts';
import { evaluateBytes, makeEvaluator } from './evaluate.ts';
import { type NodeRows, TreeGrower } from './grow-tree.ts';
import { makeXgbMetrics } from './metrics.ts';
import { makeXgbObjective, quantileOf } from './objective.ts';
import { resolveXgbParams, type XgbParams } from './params.ts';
import { XgbSamplers } from './samplers.ts';
import { asWalkable, type XgbTree } from './tree.ts';

const round = Math.fround;

export interface XgbEvaluation {
  readonly set: string;
  readonly metric: string;
  readonly value: number;
}

interface EvalSet {
  readonly name: string;
  readonly columns: readonly FeatureColumn[] | null;
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
}

interface Plan {
  readonly params: XgbParams;
  readonly cuts: readonly Cuts[];
  readonly dense: boolean;
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly baseScore: number;
  readonly rounds: number;
  readonly stopAfter: number | null;
  readonly sets: readonly EvalSet[];
}

interface Fitted {
  readonly trees: readonly XgbTree[];
  readonly bestIteration: number | null;
  readonly bestScore: number | null;
}

/**
 * Trains as Python's `xgboost.train` with `tree_method=hist` does, with the same trees where nothing is sampled: sums are made as with one thread.
 * Early stopping watches the last metric of the last set; all trees are kept. Values are taken as float32, NaN is missing.
 * @throws UserError for parameters and labels that do not fit.
 */
export async function trainXgb(options: {
  readonly params: Readonly<Record<string, unknown>>;
  readonly data: TrainingData;
  readonly rounds: number;
  /** Sets to evaluate; one whose `data` is the training data itself costs no walk. */
  readonly evals?: readonly { readonly name: string; readonly data: TrainingData }[];
  readonly stopAfter?: number | null;
  readonly pool?: WorkerPool | undefined;
  readonly onIteration?: (iteration: number, evaluations: readonly XgbEvaluation[]) => void;
  readonly onWarning?: (message: string) => void;
}): Promise<XgbBooster> {
  const params = resolveXgbParams(options.params, options.onWarning);
  const objective = makeXgbObjective(params);
  const train = shareData(options.data);
  const { length, columns, label, weight } = train;
  if (length === 0) throw new UserError('the training data has no rows');
  const threads = threadsFor(options.pool, params.nthread, length * columns.length);
  const cuts = await byColumn({
    task: 'xgb-cuts',
    work: cutsOf,
    columns,
    common: { length, weight, maxBin: params.max_bin },
    threads,
    pool: options.pool,
  });
  const baseScore = params.base_score ?? objective.baseScore(label, weight);
  const sets = (options.evals ?? []).map(({ name, data: set }): EvalSet => {
    if (set === options.data) return { name, columns: null, label, weight };
    const shared = shareData(set);
    return { name, columns: shared.columns, label: shared.label, weight: shared.weight };
  });
  makeXgbMetrics(params.eval_metric, params);
  const fitted = await runHistogramTask<Plan, Fitted>({
    task: 'xgb-train',
    training,
    plan: {
      params,
      cuts,
      dense: cuts.every(({ missing }) => !missing),
      label,
      weight,
      baseScore,
      rounds: options.rounds,
      stopAfter: options.stopAfter ?? null,
      sets,
    },
    columns,
    spec: {
      binnings: cuts.map(binningOf),
      length,
      threads,
      slots: slotsOf(params, length),
      ownBytes: evaluateBytes(columns.length, threads),
    },
    pool: options.pool,
    onReport(message) {
      const [iteration, evaluations] = message as [number, readonly XgbEvaluation[]];
      options.onIteration?.(iteration, evaluations);
    },
  });
  return new XgbBooster({
    ...fitted,
    objective: objective.json,
    baseScore,
    features: columns.length,
  });
}

function cutsOf(
  column: FeatureColumn,
  { length, weight, maxBin }: { length: number; weight: Float32Array | null; maxBin: number },
): Cuts {
  return findCuts(column, length, weight, maxBin);
}

/** Histograms that a tree may need at a time. */
function slotsOf({ max_depth, max_leaves }: XgbParams, rows: number): number {
  // nodes of the last level need none
  const byDepth = max_depth > 0 ? 2 ** Math.min(max_depth - 1, 16) : rows;
  return Math.min(byDepth, max_leaves > 0 ? max_leaves + 1 : rows, rows, 4096) + 2;
}

function fitXgb(plan: Plan, team: HistogramTeam, report: (message: unknown) => void): Fitted {
  const { params, label, weight, sets } = plan;
  const objective = makeXgbObjective(params);
  const metrics = makeXgbMetrics(
    params.eval_metric.length > 0 ? params.eval_metric : [objective.defaultMetric],
    params,
  );
  const { pairs, rows } = team.engine;
  const samplers = new XgbSamplers(params, plan.cuts.length);
  const grower = new TreeGrower(team, params, plan.cuts, samplers, plan.dense);
  const start = objective.margin(plan.baseScore);
  const score = new Float32Array(label.length).fill(start);
  const scores = sets.map((set) => (set.columns ? new Float32Array(set.label.length).fill(start) : score));
  const walkers = sets.map((set) => (set.columns ? new RowWalker(set.columns) : null));
  const trees: XgbTree[] = [];
  let bestScore = Number.POSITIVE_INFINITY;
  let bestIteration = 0;
  for (let iteration = 0; iteration < plan.rounds; iteration++) {
    for (let i = 0; i < label.length; i++) {
      const own = weight ? weight[i]! : 1;
      const w = label[i] === 1 ? round(own * objective.positiveWeight) : own;
      pairs[2 * i] = objective.gradient(score[i]!, label[i]!) * w;
      pairs[2 * i + 1] = objective.hessian(score[i]!, label[i]!) * w;
    }
    samplers.dropRows(pairs);
    const { tree, rows: places } = grower.grow();
    if (objective.leafQuantile !== undefined)
      setLeafQuantiles(tree, places, objective.leafQuantile, plan, score, team);
    trees.push(tree);
    for (const [node, { begin, end }] of places.entries())
      if (tree.left[node]! < 0) for (let i = begin; i < end; i++) score[rows[i]!]! += tree.condition[node]!;
    const walkable = asWalkable(tree);
    for (const [s, walker] of walkers.entries())
      walker?.walk(walkable, null, 0, sets[s]!.label.length, (leaf, list, begin, end) => {
        for (let i = begin; i < end; i++) scores[s]![list[i]!]! += walkable.leafValue[leaf]!;
      });
    const outputs = scores.map((own) => own.map(objective.output));
    const evaluations = sets.flatMap((set, s) =>
      metrics.map((metric) => ({
        set: set.name,
        metric: metric.name,
        value: metric.of(outputs[s]!, set.label, set.weight),
      })),
    );
    report([iteration, evaluations]);
    const watched = evaluations.at(-1);
    if (!watched || plan.stopAfter === null) continue;
    const greater = metrics.at(-1)!.greater;
    if (iteration === 0 || (greater ? watched.value > bestScore : watched.value < bestScore)) {
      bestScore = watched.value;
      bestIteration = iteration;
    } else if (iteration - bestIteration >= plan.stopAfter) break;
  }
  const stops = plan.stopAfter !== null && sets.length > 0;
  return { trees, bestIteration: stops ? bestIteration : null, bestScore: stops ? bestScore : null };
}

/** Leaves of a loss that is not smooth: quantiles of what their drawn rows leave, times the learning rate. */
function setLeafQuantiles(
  tree: XgbTree,
  places: readonly NodeRows[],
  alpha: number,
  { params, label, weight }: Plan,
  score: Float32Array,
  team: HistogramTeam,
): void {
  const { pairs, rows } = team.engine;
  for (const [node, { begin, end }] of places.entries()) {
    if (tree.left[node]! >= 0) continue;
    const drawn = rows.slice(begin, end).filter((row) => pairs[2 * row + 1]! !== 0);
    if (drawn.length === 0) continue;
    const rest = Float32Array.from(drawn, (row) => label[row]! - score[row]!);
    const weights = weight && Float32Array.from(drawn, (row) => weight[row]!);
    tree.condition[node] = round(quantileOf(rest, weights, alpha) * round(params.eta));
  }
}

const training: HistogramTraining<Plan, Fitted> = {
  evaluator: (engine, { params, cuts }) => makeEvaluator(engine, params, cuts),
  learn: fitXgb,
};

/** The worker task `xgb-train`. */
export const xgbTask = histogramTask(training);

/** The worker task `xgb-cuts`. */
export const cutsTask = columnsTask(cutsOf);
