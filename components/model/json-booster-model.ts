import { UserError } from '../core/errors.ts';
import { denseColumn, Panel, type Values } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { Dataset, FitOptions, Reweighter, Segment } from '../dataset/types.ts';
import type { FeatureColumn, TrainingData } from './gbdt/index.ts';
import type { Model, ModelState } from './model.ts';
import { labelledRows } from './training-data.ts';

/** Parameters under the names that the library has for them. */
export type BoosterOptions = Readonly<Record<string, unknown>>;

/** Trees that are kept as JSON. */
export interface JsonBooster {
  readonly model: { readonly features: number };
  predict(columns: readonly FeatureColumn[], length: number): Values;
  toJson(): string;
}

/** A model of boosted trees that learns one label and keeps its trees in model.json: what XGBModel and CatBoostModel have in common. */
export abstract class JsonBoosterModel<B extends JsonBooster> implements Model {
  readonly options: BoosterOptions;
  protected readonly pool: WorkerPool | undefined;
  booster: B | undefined;
  /** Its class and module in qlib. */
  protected abstract readonly identity: Pick<ModelState, 'class' | 'module_path'>;

  constructor(options: BoosterOptions, pool?: WorkerPool) {
    this.options = options;
    this.pool = pool;
  }

  abstract fit(dataset: Dataset, options: FitOptions): Promise<void>;

  /** @throws UserError where the dataset has another number of features than the model was fitted on. */
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
    return { ...this.identity, kwargs: this.options, files: { 'model.json': this.#fitted().toJson() } };
  }

  /** The rows of a segment with their weights. */
  protected async trainingData(
    dataset: Dataset,
    segment: string,
    reweighter: Reweighter | undefined,
  ): Promise<TrainingData> {
    const { panel, columns, label } = await labelledRows(dataset, segment, this.identity.class);
    return { columns, label, weight: reweighter?.reweight(panel) ?? null };
  }

  #fitted(): B {
    if (!this.booster) throw new Error('the model has not been fitted');
    return this.booster;
  }
}

/** The text of a state's model.json. */
export function modelJsonOf({ files }: ModelState): string {
  const text = files['model.json'];
  if (text === undefined) throw new Error('the model is kept in model.json, which is missing');
  return typeof text === 'string' ? text : new TextDecoder().decode(text);
}
