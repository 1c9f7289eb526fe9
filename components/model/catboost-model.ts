import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions } from '../dataset/types.ts';
import { CatBooster } from './catboost/booster.ts';
import { resolveCatParams } from './catboost/params.ts';
import { trainCat } from './catboost/train.ts';
import { type BoosterOptions, JsonBoosterModel, modelJsonOf } from './json-booster-model.ts';
import type { Model, ModelState } from './model.ts';

/** `loss` is qlib's own; everything else is a CatBoost parameter under any of its names. */
export interface CatBoostModelOptions extends BoosterOptions {
  readonly loss?: 'RMSE' | 'Logloss';
}

const iterations = 1000;
const stopAfter = 50;

/**
 * Boosted trees as CatBoost grows them. At most 1000 iterations, stops 50 after the best on valid and keeps the trees up to the best. Logs
 * `RMSE.train`, `RMSE.valid` (`Logloss`) by iteration. Poisson bootstrap, which CatBoost has on graphics cards only, is done here too. Source: qlib
 * contrib/model/catboost_model.py.
 */
export class CatBoostModel extends JsonBoosterModel<CatBooster> {
  protected readonly identity = {
    class: 'CatBoostModel',
    module_path: 'qlib.contrib.model.catboost_model',
  };

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const data = await this.trainingData(dataset, 'train', reweighter);
    const valid = await this.trainingData(dataset, 'valid', reweighter);
    const loss = this.options['loss'] ?? 'RMSE';
    this.booster = await trainCat({
      params: this.options,
      data,
      valid,
      iterations,
      stopAfter,
      pool: this.pool,
      onIteration(iteration, figures) {
        log.metric(`${loss}.train`, figures.train, iteration);
        log.metric(`${loss}.valid`, figures.valid, iteration);
        log.progress('fit', (iteration + 1) / iterations);
      },
    });
    log.info(`${this.booster.model.trees.length} trees up to the best on valid`);
  }

  /** The model that `state` describes. */
  static restore(state: ModelState, pool?: WorkerPool): CatBoostModel {
    const model = new CatBoostModel(state.kwargs, pool);
    model.booster = CatBooster.parse(modelJsonOf(state));
    return model;
  }
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
