import { UserError } from '../core/errors.ts';
import { denseColumn, Panel } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions, Reweighter, Segment } from '../dataset/types.ts';
import { CatBooster } from './catboost/booster.ts';
import { resolveCatParams } from './catboost/params.ts';
import { trainCat } from './catboost/train.ts';
import type { Model, ModelState } from './model.ts';
import { labelledRows } from './training-data.ts';

/** `loss` is qlib's own; everything else is a CatBoost parameter under any of its names. */
export interface CatBoostModelOptions extends Readonly<Record<string, unknown>> {
  readonly loss?: 'RMSE' | 'Logloss';
}

const iterations = 1000;
const stopAfter = 50;

/**
 * Boosted trees as CatBoost grows them. At most 1000 iterations, stops 50 after the best on valid and keeps the trees up to the best. Logs
 * `RMSE.train`, `RMSE.valid` (`Logloss`) by iteration. Poisson bootstrap, which CatBoost has on graphics cards only, is done here too. Source: qlib
 * contrib/model/catboost_model.py.
 */
export class CatBoostModel implements Model {
  readonly options: CatBoostModelOptions;
  readonly #pool: WorkerPool | undefined;
  booster: CatBooster | undefined;

  constructor(options: CatBoostModelOptions, pool?: WorkerPool) {
    this.options = options;
    this.#pool = pool;
  }

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const data = await trainingData(dataset, 'train', reweighter);
    const valid = await trainingData(dataset, 'valid', reweighter);
    const loss = this.options.loss ?? 'RMSE';
    this.booster = await trainCat({
      params: this.options,
      data,
      valid,
      iterations,
      stopAfter,
      pool: this.#pool,
      onIteration(iteration, figures) {
        log.metric(`${loss}.train`, figures.train, iteration);
        log.metric(`${loss}.valid`, figures.valid, iteration);
        log.progress('fit', (iteration + 1) / iterations);
      },
    });
    log.info(`${this.booster.model.trees.length} trees up to the best on valid`);
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    const booster = this.#fitted();
    const panel = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    if (panel.columns.length !== booster.model.features)
      throw new UserError(
        `the model was fitted on ${booster.model.features} features, the dataset has ${panel.columns.length}`,
      );
    return new Panel(panel.index, [denseColumn(null, 'score', booster.predict(panel.columns, panel.length))]);
  }

  state(): ModelState {
    return {
      class: 'CatBoostModel',
      module_path: 'qlib.contrib.model.catboost_model',
      kwargs: this.options,
      files: { 'model.json': this.#fitted().toJson() },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, pool?: WorkerPool): CatBoostModel {
    const text = files['model.json'];
    if (text === undefined) throw new Error('a CatBoost model is kept in model.json, which is missing');
    const model = new CatBoostModel(kwargs, pool);
    model.booster = CatBooster.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
    return model;
  }

  #fitted(): CatBooster {
    if (!this.booster) throw new Error('the model has not been fitted');
    return this.booster;
  }
}

async function trainingData(dataset: Dataset, segment: string, reweighter: Reweighter | undefined) {
  const { panel, columns, label } = await labelledRows(dataset, segment, 'CatBoostModel');
  return { columns, label, weight: reweighter?.reweight(panel) ?? null };
}

/** `CatBoostModel` of a config. */
export const CatBoostModelDefinition: Definition<Model, CatBoostModelOptions> = {
  name: 'CatBoostModel',
  schema: { type: 'object', properties: { loss: { enum: ['RMSE', 'Logloss'] } } },
  check(options) {
    resolveCatParams(options);
  },
  create: (options, context) => new CatBoostModel(options, context.pool),
};
