import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions } from '../dataset/types.ts';
import { type BoosterOptions, JsonBoosterModel, modelJsonOf } from './json-booster-model.ts';
import type { Model, ModelState } from './model.ts';
import { XgbBooster } from './xgb/booster.ts';
import { makeXgbMetrics } from './xgb/metrics.ts';
import { resolveXgbParams } from './xgb/params.ts';
import { trainXgb } from './xgb/train.ts';

/** XGBoost's parameters under any of their names. */
export type XGBModelOptions = BoosterOptions;

const rounds = 1000;
const stopAfter = 50;

/**
 * Boosted trees as XGBoost grows them with `tree_method=hist`. At most 1000 rounds, stops 50 after the best on valid; predicts with all trees, as
 * qlib does. Logs `rmse.train`, `rmse.valid` by iteration. Source: qlib contrib/model/xgboost.py.
 */
export class XGBModel extends JsonBoosterModel<XgbBooster> {
  protected readonly identity = { class: 'XGBModel', module_path: 'qlib.contrib.model.xgboost' };

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const data = await this.trainingData(dataset, 'train', reweighter);
    const valid = await this.trainingData(dataset, 'valid', reweighter);
    this.booster = await trainXgb({
      params: this.options,
      data,
      rounds,
      evals: [
        { name: 'train', data },
        { name: 'valid', data: valid },
      ],
      stopAfter,
      pool: this.pool,
      onWarning: (message) => log.warn(message),
      onIteration(iteration, evaluations) {
        for (const { metric, set, value } of evaluations)
          log.metric(`${metric}.${set}`.replaceAll('@', '_'), value, iteration);
        log.progress('fit', (iteration + 1) / rounds);
      },
    });
    const { trees, bestIteration } = this.booster.model;
    log.info(`${trees.length} trees, the best after iteration ${bestIteration}`);
  }

  /** The model that `state` describes. */
  static restore(state: ModelState, pool?: WorkerPool): XGBModel {
    const model = new XGBModel(state.kwargs, pool);
    model.booster = XgbBooster.parse(modelJsonOf(state));
    return model;
  }
}

/** `XGBModel` of a config. */
export const XGBModelDefinition: Definition<Model, XGBModelOptions> = {
  name: 'XGBModel',
  schema: { type: 'object' },
  check(options) {
    const params = resolveXgbParams(options);
    makeXgbMetrics(params.eval_metric, params);
  },
  create: (options, context) => new XGBModel(options, context.pool),
};
