import { UserError } from '../../core/errors.ts';
import { WorkerPool } from '../../core/workers.ts';
import type { EarlyStopping, Evaluation } from './boost/early-stopping.ts';
import { type RunPlan, type RunResult, runBoosting } from './boost/run.ts';
import { Booster, featureInfo } from './booster.ts';
import { isBinned, type SharedData, shareData, type TrainingData, type TreeColumn } from './data.ts';
import { Engine } from './engine/engine.ts';
import { makeShared } from './engine/make-shared.ts';
import { checkRoom } from './engine/room.ts';
import type { EngineShared } from './engine/shared.ts';
import { SoloTeam } from './engine/team.ts';
import { type ThreadPayload, trainTask } from './engine/train-task.ts';
import { formatG } from './number-format.ts';
import type { CustomObjective } from './objective/custom.ts';
import { categoricalColumns } from './params/categorical-columns.ts';
import { paramsText } from './params/params-text.ts';
import { type Params, resolveParams } from './params/resolve.ts';

export interface TrainOptions {
  /** LightGBM's parameters under any of their names. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly data: TrainingData<TreeColumn>;
  /** Default 100; `num_iterations` among the parameters wins. */
  readonly rounds?: number;
  /** Sets to evaluate. One whose `data` is the training data itself is evaluated but never stops the training. */
  readonly valids?: readonly { readonly name: string; readonly data: TrainingData<TreeColumn> }[];
  readonly earlyStopping?: EarlyStopping | null;
  /** A loss of your own; `params.objective` is then `custom`, there are no default metrics, and one thread trains. */
  readonly objective?: CustomObjective;
  /** Trees to go on from. */
  readonly initModel?: Booster;
  /** Threads are taken from here; without, a pool of its own lives as long as the training. */
  readonly pool?: WorkerPool;
  readonly kernels?: 'wasm' | 'reference';
  /** `native`: LightGBM's own library grows the trees, which the environment variable QRUN_LIGHTGBM names, through koffi. Default `own`. */
  readonly backend?: 'own' | 'native';
  /** After each iteration, counted from 0. */
  readonly onIteration?: (iteration: number, evaluations: readonly Evaluation[]) => void;
  readonly onWarning?: (message: string) => void;
}

export interface TrainResult {
  /** With early stopping only the trees up to the best iteration. */
  readonly booster: Booster;
  /** Figures by set and metric, one an iteration. */
  readonly evals: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  /** Iterations of `booster` where early stopping was asked for, else 0. */
  readonly bestIteration: number;
}

/** Parameters that are lists with a number a feature. */
const byFeature = [
  'max_bin_by_feature',
  'monotone_constraints',
  'feature_contri',
  'cegb_penalty_feature_coupled',
] as const;

/** Cells of training data from which on threads pay. */
const worthThreads = 2_000_000;

/**
 * Trains as Python's `lightgbm.train` does, with the same trees: sums of gradients are float64 in the order of the rows, as LightGBM makes
 * them with one thread, or with any number and `force_col_wise`. With several threads and `force_row_wise` LightGBM adds up parts, which
 * can turn splits of equal gain. It also packs sparse features that are hardly ever non-zero together into one (`enable_bundle`); where
 * they are sometimes both non-zero (at most 1 in 10,000 sampled rows) it loses one of the values, and we do not. Our result does not depend on
 * the number of threads (`num_threads`, 0 for all of the pool).
 * @throws UserError for parameters and data that do not fit.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { data, pool } = options;
  const isLarge = data.label.length * data.columns.length >= worthThreads;
  // the peak of memory is while trees grow: garbage of others goes first, and the bins as soon as they are done with
  if (isLarge) await pool?.collectGarbage();
  const result = await grow(options);
  if (isLarge) await pool?.collectGarbage();
  return result;
}

async function grow(options: TrainOptions): Promise<TrainResult> {
  const own = options.objective ?? null;
  const params = resolveParams(
    own ? { ...options.params, objective: 'custom' } : options.params,
    options.onWarning,
  );
  const data = startingFrom(options.initModel, shareData(options.data));
  const categorical = categoricalColumns(params, data);
  const { plan, valids } = planOf(options, params, data);
  const evals = new Map<string, Map<string, number[]>>();
  const report = (iteration: number, evaluations: readonly Evaluation[]) => {
    for (const { set, metric, value } of evaluations) record(evals, set, metric, value);
    options.onIteration?.(iteration, evaluations);
  };
  if (options.backend === 'native') {
    const { trainNative } = await import('./native/train-native.ts');
    const named = { ...params, categorical_feature: categorical.join(',') };
    const native = trainNative({ params: named, data, valids, plan, report });
    const { model } = native.booster;
    const before = options.initModel?.model.trees ?? [];
    const whole = { ...model, featureNames: namesOf(data), trees: [...before, ...model.trees] };
    return { booster: new Booster(whole), evals, bestIteration: native.bestIteration };
  }
  const cells = data.length * data.columns.length;
  const pool = options.pool;
  const wanted = params.num_threads > 0 ? params.num_threads : (pool?.size ?? 2);
  const threads = own || cells < worthThreads ? 1 : Math.min(wanted, pool?.size ?? wanted);
  checkRoom(data.length, data.columns.length, params.num_class);
  const { kernels = 'wasm' } = options;
  const shared = makeShared({ params, train: data, valids, threads, kernels, custom: own, categorical });
  const result =
    threads === 1 && (own || !pool || cells < worthThreads)
      ? solo(shared, plan, report)
      : await together(shared, plan, report, pool);
  const k = shared.classes;
  const kept = result.bestIteration > 0 ? result.bestIteration * k : result.trees.length;
  const trees = [...(options.initModel?.model.trees ?? []), ...result.trees.slice(0, kept)];
  const booster = new Booster({
    trees,
    treesPerIteration: k,
    classes: params.num_class,
    objective: new Engine(shared).objective.text || null,
    averageOutput: params.boosting === 'rf',
    featureNames: namesOf(data),
    featureInfos: result.mappers.map((mapper) => featureInfo(mapper, (x) => formatG(x, 17))),
    monotoneConstraints: params.monotone_constraints,
    parameters: paramsText({
      ...params,
      num_iterations: plan.rounds,
      categorical_feature: categorical.join(','),
    }),
  });
  return { booster, evals, bestIteration: result.bestIteration };
}

function solo(shared: EngineShared, plan: RunPlan, report: Parameters<typeof runBoosting>[3]): RunResult {
  const engine = new Engine(shared);
  return runBoosting(engine, new SoloTeam(engine.execute), plan, report);
}

async function together(
  shared: EngineShared,
  plan: RunPlan,
  report: Parameters<typeof runBoosting>[3],
  given: WorkerPool | undefined,
): Promise<RunResult> {
  const pool = given ?? new WorkerPool(shared.threads);
  try {
    const payload = trainTask.payloads(shared, plan);
    const results = await pool.together<RunResult | null>(
      'gbdt-train',
      shared.threads,
      (rank): ThreadPayload => payload(rank),
      (message) => report(...(message as [number, readonly Evaluation[]])),
    );
    return results[0]!;
  } finally {
    if (!given) await pool.close();
  }
}

function namesOf({ columns }: SharedData<TreeColumn>): string[] {
  return columns.map(({ name }, i) => name ?? `Column_${i}`);
}

function planOf(options: TrainOptions, params: Params, train: SharedData<TreeColumn>) {
  const given = options.valids ?? [];
  const rounds = 'num_iterations' in options.params ? params.num_iterations : (options.rounds ?? 100);
  if (!(rounds > 0))
    throw new UserError(`number of boosting rounds is ${rounds}`, { hint: 'it must be above 0' });
  checkShape(train, train.columns.length, 'the training data');
  for (const name of byFeature) {
    const given = params[name].length;
    if (given > 0 && given !== train.columns.length)
      throw new UserError(`${name} has ${given} numbers for ${train.columns.length} features`, {
        path: [name],
      });
  }
  const valids: SharedData<TreeColumn>[] = [];
  const sets = given.map(({ name, data }) => {
    if (data === options.data) return { name, index: -1 };
    const shared = startingFrom(options.initModel, shareData(data));
    checkShape(shared, train.columns.length, `set "${name}"`);
    return { name, index: valids.push(shared) - 1 };
  });
  // LightGBM evaluates the training data first
  sets.sort((a, b) => Math.min(a.index, 0) - Math.min(b.index, 0));
  const byParams =
    params.early_stopping_round > 0
      ? {
          rounds: params.early_stopping_round,
          firstMetricOnly: params.first_metric_only,
          minDelta: params.early_stopping_min_delta,
        }
      : null;
  const asked = options.earlyStopping ?? byParams;
  const useful = sets.some((s) => s.index >= 0) && params.boosting !== 'dart';
  const earlyStopping = asked && asked.rounds > 0 && useful ? asked : null;
  const plan: RunPlan = { rounds, sets, earlyStopping };
  return { plan, valids };
}

/** The data with the model's raw predictions as scores to start from. */
function startingFrom(model: Booster | undefined, data: SharedData<TreeColumn>): SharedData<TreeColumn> {
  if (!model) return data;
  const raw = model.predict(data.columns, data.length, { kind: 'raw' });
  const k = model.model.treesPerIteration;
  return {
    ...data,
    initScore: Float64Array.from(raw, (_, i) => raw[(i % data.length) * k + Math.floor(i / data.length)]!),
  };
}

function checkShape(data: SharedData<TreeColumn>, columns: number, what: string): void {
  const fault = (problem: string) => new UserError(`${what} ${problem}`);
  if (data.length === 0) throw fault('has no rows');
  if (data.columns.length !== columns)
    throw fault(`has ${data.columns.length} features, expected ${columns}`);
  for (const [i, column] of data.columns.entries()) {
    if (isBinned(column) && column.mapper.trivial) continue;
    const { length } = isBinned(column) ? column.bins : (column.rows ?? column.values);
    if (length !== data.length)
      throw fault(`has ${data.length} labels, but feature ${column.name ?? i} has ${length} rows`);
  }
  if (data.weight && data.weight.length !== data.length)
    throw fault(`has ${data.length} labels, but ${data.weight.length} weights`);
}

function record(evals: Map<string, Map<string, number[]>>, set: string, metric: string, value: number): void {
  const bySet = evals.get(set) ?? new Map<string, number[]>();
  evals.set(set, bySet);
  const values = bySet.get(metric) ?? [];
  bySet.set(metric, values);
  values.push(value);
}
