import { UserError } from '../core/errors.ts';
import { NumpyRandom } from '../core/numpy-random.ts';
import { denseColumn, Panel, type PanelColumn } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions, Segment } from '../dataset/types.ts';
import { featureImportance } from './double-ensemble/importance.ts';
import { leafTable } from './double-ensemble/leaf-table.ts';
import { lossCurveEnds } from './double-ensemble/loss-curve.ts';
import { type DoubleEnsembleOptions, optionsSchema, resolveOptions } from './double-ensemble/options.ts';
import { sampleWeights } from './double-ensemble/sample-weights.ts';
import { selectFeatures } from './double-ensemble/select-features.ts';
import type { WalkedModel } from './double-ensemble/shuffled-output.ts';
import { Booster, type FeatureColumn, resolveParams, train } from './gbdt/index.ts';
import { predictTogether } from './gbdt/predict-together.ts';
import type { Model, ModelState } from './model.ts';
import { type LabelledRows, labelledRows } from './training-data.ts';

/** One of the ensemble's models and the features it sees, in its own order. */
interface SubModel {
  readonly booster: Booster;
  readonly features: readonly string[];
}

/**
 * An ensemble of boosted trees in which each sub-model learns from reweighted rows and selected features (Zhang et al. 2020). Draws what qlib
 * draws after `numpy.random.seed(seed)` with PYTHONHASHSEED=0; `seed` is LightGBM's parameter, 0 where there is none. Source: qlib
 * contrib/model/double_ensemble.py.
 */
export class DoubleEnsemble implements Model {
  readonly options: DoubleEnsembleOptions;
  readonly #pool: WorkerPool | undefined;
  subModels: SubModel[] = [];

  constructor(options: DoubleEnsembleOptions, pool?: WorkerPool) {
    this.options = options;
    this.#pool = pool;
  }

  async fit(dataset: Dataset, { log }: FitOptions): Promise<void> {
    const rules = resolveOptions(this.options);
    const learn = await labelledRows(dataset, 'train', 'DEnsembleModel');
    const valid = await labelledRows(dataset, 'valid', 'DEnsembleModel');
    const random = new NumpyRandom(resolveParams(rules.lightgbm).seed);
    const names = learn.panel.group('feature').columns.map((c) => c.name);
    let features: readonly string[] = names;
    let weight: Float64Array | null = null;
    const outputs: Float64Array[] = [];
    const walkedModels: WalkedModel[] = [];
    this.subModels = [];
    for (let k = 0; k < rules.models; k++) {
      const { booster } = await train({
        params: rules.lightgbm,
        data: { columns: namedColumns(learn, features), label: learn.label, weight },
        rounds: rules.epochs,
        valids: [{ name: 'valid', data: { columns: namedColumns(valid, features), label: valid.label } }],
        earlyStopping: rules.earlyStopping,
        ...(this.#pool ? { pool: this.#pool } : {}),
        onWarning: (message) => log.warn(message),
        onIteration: (i) => log.progress('fit', (k + (i + 1) / rules.epochs) / rules.models),
      });
      this.subModels.push({ booster, features });
      log.info(
        `sub-model ${k + 1} of ${rules.models}: ${booster.iterations} iterations on ${features.length} features`,
      );
      if (k + 1 === rules.models || !(rules.reweights || rules.selects)) continue;
      const walked = await this.#walk(booster, namedColumns(learn, features), learn.label.length);
      outputs.push(walked.plain);
      const ensemble = losses(learn.label, weightedMean(outputs, rules.weights));
      if (rules.reweights)
        weight = sampleWeights({ ...lossCurveEnds(walked, learn.label), ensemble }, k + 1, rules.sampleRules);
      if (!rules.selects) continue;
      walkedModels.push(walked);
      const importance = await featureImportance({
        columns: learn.panel.group('feature').columns,
        names: this.subModels.map((sub) => sub.features),
        models: walkedModels,
        label: learn.label,
        losses: ensemble,
        random,
        pool: this.#pool,
      });
      features = selectFeatures(names, importance, rules.ratios, random);
    }
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    if (this.subModels.length === 0) throw new Error('the model has not been fitted');
    const { weights } = resolveOptions(this.options);
    const panel = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    const outputs: Float64Array[] = [];
    for (const { booster, features } of this.subModels)
      outputs.push(await predictTogether(booster, pick(panel.columns, features), panel.length, this.#pool));
    return new Panel(panel.index, [denseColumn(null, 'score', weightedMean(outputs, weights))]);
  }

  state(): ModelState {
    const files = this.subModels.map(({ booster }, k) => [`sub_${k}.model.txt`, booster.toText()] as const);
    const features = this.subModels.map((sub) => sub.features);
    return {
      class: 'DEnsembleModel',
      module_path: 'qlib.contrib.model.double_ensemble',
      kwargs: this.options,
      files: { ...Object.fromEntries(files), 'sub_features.json': JSON.stringify(features) },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, pool?: WorkerPool): DoubleEnsemble {
    const text = (name: string) => {
      const file = files[name];
      if (file === undefined) throw new Error(`the state of DEnsembleModel lacks ${name}`);
      return typeof file === 'string' ? file : new TextDecoder().decode(file);
    };
    const model = new DoubleEnsemble(kwargs, pool);
    const features: readonly string[][] = JSON.parse(text('sub_features.json'));
    model.subModels = features.map((own, k) => ({
      booster: Booster.parse(text(`sub_${k}.model.txt`)),
      features: own,
    }));
    return model;
  }

  async #walk(booster: Booster, columns: readonly FeatureColumn[], length: number): Promise<WalkedModel> {
    const { model } = booster;
    const table = await leafTable(model, columns, length, this.#pool);
    const plain = await predictTogether(booster, columns, length, this.#pool);
    return { model, columns, table, plain };
  }
}

function pick(columns: readonly PanelColumn[], names: readonly string[]): PanelColumn[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return names.map((name) => {
    const column = byName.get(name);
    if (!column) throw new UserError(`the model was fitted on the feature ${name}, which the dataset lacks`);
    return column;
  });
}

/** LightGBM takes blanks in names for underscores. */
function namedColumns({ panel }: LabelledRows, names: readonly string[]) {
  return pick(panel.group('feature').columns, names).map(({ name, values, rows }) => ({
    name: name.replaceAll(' ', '_'),
    values,
    rows,
  }));
}

function losses(label: ArrayLike<number>, score: Float64Array): Float64Array {
  return score.map((x, i) => (label[i]! - x) ** 2);
}

function weightedMean(outputs: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const out = new Float64Array(outputs[0]!.length);
  let total = 0;
  for (const [k, output] of outputs.entries()) {
    const weight = weights[k]!;
    total += weight;
    for (let i = 0; i < out.length; i++) out[i]! += output[i]! * weight;
  }
  return out.map((sum) => sum / total);
}

/** `DEnsembleModel` of a config. */
export const DEnsembleModelDefinition: Definition<Model, DoubleEnsembleOptions> = {
  name: 'DEnsembleModel',
  schema: optionsSchema,
  check(options) {
    resolveParams(resolveOptions(options).lightgbm);
  },
  create: (options, context) => new DoubleEnsemble(options, context.pool),
};
