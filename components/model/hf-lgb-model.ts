import { kahanMean } from '../core/kahan-mean.ts';
import { denseColumn, Panel } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import { roundingOf } from '../core/stats.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions, Segment } from '../dataset/types.ts';
import { Booster, resolveParams, type TrainingData, train } from './gbdt/index.ts';
import { predictTogether } from './gbdt/predict-together.ts';
import type { Model, ModelState } from './model.ts';
import { type LabelledRows, labelledRows } from './training-data.ts';

/** `loss` is qlib's own; everything else is a LightGBM parameter under any of its names. */
export interface HFLGBModelOptions extends Readonly<Record<string, unknown>> {
  readonly loss?: 'mse' | 'binary';
}

const defaultRounds = 1000;
const stopAfter = 50;

/**
 * Boosted trees for bars within the day: learns whether a row's label is at or above the mean of its time (1) or below (0). Source: qlib
 * contrib/model/highfreq_gdbt_model.py, whose `fit` takes 1000 rounds and stops 50 after the best.
 */
export class HFLGBModel implements Model {
  readonly options: HFLGBModelOptions;
  readonly #pool: WorkerPool | undefined;
  booster: Booster | undefined;

  constructor(options: HFLGBModelOptions, pool?: WorkerPool) {
    this.options = options;
    this.#pool = pool;
  }

  async fit(dataset: Dataset, { log }: FitOptions): Promise<void> {
    const data = directions(await labelledRows(dataset, 'train', 'HFLGBModel'));
    const valid = directions(await labelledRows(dataset, 'valid', 'HFLGBModel'));
    await this.#train(data, defaultRounds, log, valid);
  }

  /** Grows `rounds` more trees on the segment train. */
  async finetune(dataset: Dataset, { log }: FitOptions, rounds = 10): Promise<void> {
    const data = directions(await labelledRows(dataset, 'train', 'HFLGBModel'));
    await this.#train(data, rounds, log, null, this.#fitted());
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    const panel = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    const score = await predictTogether(this.#fitted(), panel.columns, panel.length, this.#pool);
    return new Panel(panel.index, [denseColumn(null, 'score', score)]);
  }

  state(): ModelState {
    return {
      class: 'HFLGBModel',
      module_path: 'qlib.contrib.model.highfreq_gdbt_model',
      kwargs: this.options,
      files: { 'model.txt': this.#fitted().toText() },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, pool?: WorkerPool): HFLGBModel {
    const text = files['model.txt'];
    if (text === undefined) throw new Error('a LightGBM model is kept in model.txt, which is missing');
    const model = new HFLGBModel(kwargs, pool);
    model.booster = Booster.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
    return model;
  }

  async #train(
    data: TrainingData,
    rounds: number,
    log: FitOptions['log'],
    valid: TrainingData | null,
    initModel?: Booster,
  ): Promise<void> {
    const sets = [{ name: 'train', data }];
    if (valid) sets.push({ name: 'valid', data: valid });
    const { booster } = await train({
      params: lightgbmParams(this.options),
      data,
      rounds,
      valids: sets,
      earlyStopping: valid ? { rounds: stopAfter } : null,
      ...(initModel ? { initModel } : {}),
      ...(this.#pool ? { pool: this.#pool } : {}),
      onWarning: (message) => log.warn(message),
      onIteration: (iteration) => log.progress('fit', (iteration + 1) / rounds),
    });
    this.booster = booster;
    log.info(`${booster.iterations} iterations, ${booster.model.trees.length} trees`);
  }

  #fitted(): Booster {
    if (!this.booster) throw new Error('the model has not been fitted');
    return this.booster;
  }
}

function lightgbmParams({ loss = 'mse', ...others }: HFLGBModelOptions) {
  return { objective: loss, verbosity: -1, ...others };
}

/** Labels become 0 below the mean of their time, else 1 (also where there is no label). */
function directions({ panel, label }: LabelledRows): TrainingData {
  const { offsets, times } = panel.index;
  const round = roundingOf(label);
  const out = new Float32Array(label.length);
  for (let t = 0; t < times.length; t++) {
    const from = offsets[t]!;
    const to = offsets[t + 1]!;
    const center = kahanMean(label, from, to);
    for (let i = from; i < to; i++) out[i] = round(label[i]! - center) < 0 ? 0 : 1;
  }
  const columns = panel
    .group('feature')
    .columns.map(({ name, values, rows }) => ({ name: name.replaceAll(' ', '_'), values, rows }));
  return { columns, label: out };
}

/** `HFLGBModel` of a config. */
export const HFLGBModelDefinition: Definition<Model, HFLGBModelOptions> = {
  name: 'HFLGBModel',
  schema: { type: 'object', properties: { loss: { enum: ['mse', 'binary'] } } },
  check(options) {
    resolveParams(lightgbmParams(options));
  },
  create: (options, context) => new HFLGBModel(options, context.pool),
};
