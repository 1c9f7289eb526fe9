import { UserError } from '../../core/errors.ts';
import type { WorkerPool } from '../../core/workers.ts';
import { shareData } from '../gbdt/data.ts';
import type { FeatureColumn, TrainingData } from '../gbdt/index.ts';
import { byColumn, columnsTask } from '../hist/by-column.ts';
import {
  type HistogramTraining,
  histogramTask,
  runHistogramTask,
  threadsFor,
} from '../hist/histogram-team.ts';
import { type BoostPlan, boostXgb, type EvalSet, type Fitted, type XgbEvaluation } from './boost.ts';
import { XgbBooster } from './booster.ts';
import { binningOf, type Cuts, findCuts } from './cuts.ts';
import { evaluateBytes, makeEvaluator } from './evaluate.ts';
import { makeXgbMetrics } from './metrics.ts';
import { makeXgbObjective } from './objective.ts';
import { resolveXgbParams, type XgbParams } from './params.ts';

export type { XgbEvaluation } from './boost.ts';

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
  const fromLabels = objective.baseScores(label, weight);
  const baseScores = fromLabels.map((base) => params.base_score ?? base);
  const sets = (options.evals ?? []).map(({ name, data: set }): EvalSet => {
    if (set === options.data) return { name, columns: null, label, weight };
    const shared = shareData(set);
    return { name, columns: shared.columns, label: shared.label, weight: shared.weight };
  });
  makeXgbMetrics(params.eval_metric, params);
  const fitted = await runHistogramTask<BoostPlan, Fitted>({
    task: 'xgb-train',
    training,
    plan: {
      params,
      cuts,
      dense: cuts.every(({ missing }) => !missing),
      label,
      weight,
      baseScores,
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
    baseScores: [...baseScores],
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

const training: HistogramTraining<BoostPlan, Fitted> = {
  evaluator: (engine, { params, cuts }) => makeEvaluator(engine, params, cuts),
  learn: boostXgb,
};

/** The worker task `xgb-train`. */
export const xgbTask = histogramTask(training);

/** The worker task `xgb-cuts`. */
export const cutsTask = columnsTask(cutsOf);
