import { UserError } from '../core/errors.ts';
import { denseColumn, type Panel, Panel as PanelClass } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FeatureBlocks, FitOptions, Reweighter, Segment } from '../dataset/types.ts';
import {
  type BinnedFeatures,
  binFeatures,
  binForModel,
  canTrainOnBins,
  type RowRange,
  segmentRows,
  sliceBinned,
} from './binned-features.ts';
import type { BinnedColumn, TreeColumn } from './gbdt/data.ts';
import { Booster, resolveParams, type TrainingData, train } from './gbdt/index.ts';
import { predictTogether } from './gbdt/predict-together.ts';
import type { Model, ModelState } from './model.ts';
import { labelledRows, oneLabel } from './training-data.ts';

/** qlib's own arguments; everything else is a LightGBM parameter under any of its names. */
export interface LGBModelOptions extends Readonly<Record<string, unknown>> {
  readonly loss?: 'mse' | 'binary';
  readonly early_stopping_rounds?: number;
  readonly num_boost_round?: number;
  /** `native`: LightGBM's own library grows the trees, see gbdt/native. */
  readonly backend?: 'own' | 'native';
}

/**
 * Gradient boosted trees, the same that LightGBM grows. Learns from the learn view of the segment train, stops early on valid where there
 * is one; logs `l2.train`, `l2.valid` (binary: `binary_logloss`) by iteration. Source: qlib contrib/model/gbdt.py.
 */
export class LGBModel implements Model {
  readonly options: LGBModelOptions;
  readonly #pool: WorkerPool | undefined;
  booster: Booster | undefined;
  /** The test segment of what it was fitted on, to predict from. */
  #binned:
    | { readonly blocks: FeatureBlocks; readonly test: readonly BinnedColumn[]; readonly rows: RowRange }
    | undefined;

  constructor(options: LGBModelOptions, pool?: WorkerPool) {
    this.options = options;
    this.#pool = pool;
  }

  get readsBlocks(): boolean {
    return this.options.backend !== 'native' && canTrainOnBins(resolveParams(lightgbmParams(this.options)));
  }

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const { early_stopping_rounds: rounds = 50, num_boost_round = 1000 } = this.options;
    await this.#train(dataset, { log, reweighter }, num_boost_round, rounds);
  }

  /** Grows `rounds` more trees on the segment train. */
  async finetune(dataset: Dataset, options: FitOptions, rounds = 10): Promise<void> {
    await this.#train(dataset, options, rounds, null, this.#fitted());
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    const booster = this.#fitted();
    const inBlocks = await this.#predictInBlocks(booster, dataset, segment);
    if (inBlocks) return inBlocks;
    const panel = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    checkWidth(booster, panel.columns.length);
    const score = await predictTogether(booster, panel.columns, panel.length, this.#pool);
    return new PanelClass(panel.index, [denseColumn(null, 'score', score)]);
  }

  state(): ModelState {
    return {
      class: 'LGBModel',
      module_path: 'qlib.contrib.model.gbdt',
      kwargs: this.options,
      files: { 'model.txt': this.#fitted().toText() },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, pool?: WorkerPool): LGBModel {
    const text = files['model.txt'];
    if (text === undefined) throw new Error('a LightGBM model is kept in model.txt, which is missing');
    const model = new LGBModel(kwargs, pool);
    model.booster = Booster.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
    return model;
  }

  /** Predictions from bins, where the dataset gives its features in blocks; null where it does not, or the model needs values. */
  async #predictInBlocks(
    booster: Booster,
    dataset: Dataset,
    segment: string | Segment,
  ): Promise<Panel | null> {
    const blocks = await dataset.blocks?.();
    if (!blocks || !dataset.segment) return null;
    checkWidth(booster, blocks.features.length);
    const { index } = blocks.view('infer');
    const range = segmentRows(index, dataset.segment(segment));
    const known = this.#binned;
    const isKnown = known?.blocks === blocks && known.rows.from <= range.from && range.to <= known.rows.to;
    const columns = isKnown
      ? sliceBinned(known.test, { from: range.from - known.rows.from, to: range.to - known.rows.from })
      : await binForModel(booster.model, blocks, range, this.#pool);
    if (!columns) return null;
    const score = await predictTogether(booster, columns, range.to - range.from, this.#pool);
    return new PanelClass(index.slice(range.from, range.to), [denseColumn(null, 'score', score)]);
  }

  async #train(
    dataset: Dataset,
    { log, reweighter }: FitOptions,
    numBoostRound: number,
    stopAfter: number | null,
    initModel?: Booster,
  ): Promise<void> {
    const params = lightgbmParams(this.options);
    // weights may depend on values, and other trees have thresholds of their own
    const native = this.options.backend === 'native';
    const blocks = reweighter || initModel || native ? null : await dataset.blocks?.();
    const resolved = resolveParams(params);
    const segmentOf = (name: string) => (dataset.segments.has(name) ? dataset.segment?.(name) : undefined);
    const trained = segmentOf('train');
    const stops = stopAfter !== null && dataset.segments.has('valid');
    const binned =
      blocks && trained && canTrainOnBins(resolved)
        ? await binFeatures(
            blocks,
            { train: trained, valid: stops ? segmentOf('valid') : undefined, test: segmentOf('test') },
            resolved,
            this.#pool,
          )
        : null;
    this.#binned = binned && blocks ? { blocks, test: binned.test, rows: binned.testRows } : undefined;
    const rowsOf = (segment: 'train' | 'valid') =>
      binned && blocks && dataset.segment
        ? binnedData(blocks, binned, segment, dataset.segment(segment))
        : trainingData(dataset, segment, reweighter);
    const data = await rowsOf('train');
    const valids = [{ name: 'train', data }];
    if (stops) valids.push({ name: 'valid', data: await rowsOf('valid') });
    const { booster, bestIteration } = await train({
      params,
      backend: this.options.backend ?? 'own',
      data,
      rounds: numBoostRound,
      valids,
      earlyStopping: stopAfter === null ? null : { rounds: stopAfter },
      ...(initModel ? { initModel } : {}),
      ...(this.#pool ? { pool: this.#pool } : {}),
      onWarning: (message) => log.warn(message),
      onIteration(iteration, evaluations) {
        for (const { metric, set, value } of evaluations)
          log.metric(`${metric}.${set}`.replaceAll('@', '_'), value, iteration);
        log.progress('fit', (iteration + 1) / numBoostRound);
      },
    });
    this.booster = booster;
    log.info(
      `${booster.iterations} iterations${bestIteration > 0 ? ', the best by early stopping' : ''}, ${booster.model.trees.length} trees`,
    );
  }

  #fitted(): Booster {
    if (!this.booster) throw new Error('the model has not been fitted');
    return this.booster;
  }
}

function lightgbmParams({
  loss = 'mse',
  early_stopping_rounds: _,
  num_boost_round: __,
  backend: ___,
  ...others
}: LGBModelOptions) {
  return { objective: loss, verbosity: -1, ...others };
}

function checkWidth({ model }: Booster, features: number): void {
  const expected = model.featureNames.length;
  if (features !== expected)
    throw new UserError(`the model was fitted on ${expected} features, the dataset has ${features}`);
}

function binnedData(
  blocks: FeatureBlocks,
  { memory, ...sets }: BinnedFeatures,
  name: 'train' | 'valid',
  given: Segment,
): TrainingData<TreeColumn> {
  const view = blocks.view('learn');
  const range = segmentRows(view.index, given);
  const label = oneLabel(view.slice(range.from, range.to), name, 'LGBModel');
  return { columns: sets[name], label, ...(memory ? { memory } : {}) };
}

async function trainingData(
  dataset: Dataset,
  segment: string,
  reweighter: Reweighter | undefined,
): Promise<TrainingData<TreeColumn>> {
  // lightgbm gets a bare matrix from qlib: features are called Column_0, Column_1, ...
  const { panel, columns, label } = await labelledRows(dataset, segment, 'LGBModel');
  return { columns, label, weight: reweighter?.reweight(panel) ?? null };
}

/** `LGBModel` of a config. */
export const LGBModelDefinition: Definition<Model, LGBModelOptions> = {
  name: 'LGBModel',
  schema: {
    type: 'object',
    properties: {
      loss: { enum: ['mse', 'binary'] },
      early_stopping_rounds: { type: 'integer' },
      num_boost_round: { type: 'integer', minimum: 1 },
      backend: { enum: ['own', 'native'] },
    },
  },
  check(options) {
    resolveParams(lightgbmParams(options));
  },
  create: (options, context) => new LGBModel(options, context.pool),
};
