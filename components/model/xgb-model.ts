import { UserError } from '../core/errors.ts';
import { denseColumn, Panel } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions, Reweighter, Segment } from '../dataset/types.ts';
import type { Model, ModelState } from './model.ts';
import { labelledRows } from './training-data.ts';
import { XgbBooster } from './xgb/booster.ts';
import { makeXgbMetrics } from './xgb/metrics.ts';
import { resolveXgbParams } from './xgb/params.ts';
import { trainXgb } from './xgb/train.ts';

/** XGBoost's parameters under any of their names. */
export type XGBModelOptions = Readonly<Record<string, unknown>>;

const rounds = 1000;
const stopAfter = 50;

/**
 * Boosted trees as XGBoost grows them with `tree_method=hist`. At most 1000 rounds, stops 50 after the best on valid; predicts with all trees, as
 * qlib does. Logs `rmse.train`, `rmse.valid` by iteration. Source: qlib contrib/model/xgboost.py.
 */
export class XGBModel implements Model {
  readonly options: XGBModelOptions;
  readonly #pool: WorkerPool | undefined;
  booster: XgbBooster | undefined;

  constructor(options: XGBModelOptions, pool?: WorkerPool) {
    this.options = options;
    this.#pool = pool;
  }

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const data = await trainingData(dataset, 'train', reweighter);
    const valid = await trainingData(dataset, 'valid', reweighter);
    this.booster = await trainXgb({
      params: this.options,
      data,
      rounds,
      evals: [
        { name: 'train', data },
        { name: 'valid', data: valid },
      ],
      stopAfter,
      pool: this.#pool,
      onWarning: (message) => log.warn(message),
      onIteration(iteration, evaluations) {
        for (const { metric, set, value } of evaluations) log.metric(`${metric}.${set}`, value, iteration);
        log.progress('fit', (iteration + 1) / rounds);
      },
    });
    const { trees, bestIteration } = this.booster.model;
    log.info(`${trees.length} trees, the best after iteration ${bestIteration}`);
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
      class: 'XGBModel',
      module_path: 'qlib.contrib.model.xgboost',
      kwargs: this.options,
      files: { 'model.json': this.#fitted().toJson() },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, pool?: WorkerPool): XGBModel {
    const text = files['model.json'];
    if (text === undefined) throw new Error('an XGBoost model is kept in model.json, which is missing');
    const model = new XGBModel(kwargs, pool);
    model.booster = XgbBooster.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
    return model;
  }

  #fitted(): XgbBooster {
    if (!this.booster) throw new Error('the model has not been fitted');
    return this.booster;
  }
}

async function trainingData(dataset: Dataset, segment: string, reweighter: Reweighter | undefined) {
  const { panel, columns, label } = await labelledRows(dataset, segment, 'XGBModel');
  return { columns, label, weight: reweighter?.reweight(panel) ?? null };
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
