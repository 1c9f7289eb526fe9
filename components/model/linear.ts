import { UserError } from '../core/errors.ts';
import { allocate, denseColumn, Panel, type PanelColumn } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { Dataset, FitOptions, Segment } from '../dataset/types.ts';
import { Design } from './linear/design.ts';
import { type Estimator, fitLinear, type LinearFit } from './linear/fit.ts';
import { singleProduct } from './linear/single/product.ts';
import type { Model, ModelState } from './model.ts';

export interface LinearModelOptions {
  readonly estimator?: Estimator;
  readonly alpha?: number;
  readonly fit_intercept?: boolean;
  readonly include_valid?: boolean;
}

/**
 * y = Xw + b by least squares: plain (`ols`), with w >= 0 (`nnls`), with alpha |w|² (`ridge`) or with alpha |w|₁ (`lasso`). Learns
 * from the learn view of the segment train (and, with `include_valid`, valid); rows with a missing cell are left out. Predictions
 * are float32 where the features are, as in qlib; `nnls` gives float64. Source: qlib contrib/model/linear.py over scikit-learn.
 */
export class LinearModel implements Model {
  fitted: LinearFit | undefined;

  /** `threads`: how many qlib's linear algebra would use, see `singleRidge`. */
  constructor(
    readonly options: LinearModelOptions,
    readonly threads: number = 1,
  ) {
    checkOptions(options);
  }

  async fit(dataset: Dataset, { log, reweighter }: FitOptions): Promise<void> {
    const { estimator = 'ols', alpha = 0, fit_intercept = false, include_valid = false } = this.options;
    const from = { colSet: ['feature', 'label'], dataKey: 'learn' } as const;
    const panels = [await dataset.prepare('train', from)];
    if (include_valid) {
      if (dataset.segments.has('valid')) panels.push(await dataset.prepare('valid', from));
      else log.info('include_valid is true, but there is no segment valid');
    }
    if (panels.every((panel) => panel.length === 0))
      throw new UserError('the segment train has no row', {
        hint: 'no instrument of the market has data in this time, or processors have dropped all rows',
      });
    const design = new Design(panels, reweighter);
    if (design.rows === 0)
      throw new UserError('no row of the segment train has all features and a label', {
        hint: 'fill or drop missing features: infer_processors with Fillna, or learn_processors with DropnaProcessor',
      });
    const { threads } = this;
    this.fitted = fitLinear(design, { estimator, alpha, intercept: fit_intercept, threads }, log);
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    const { fitted } = this;
    if (!fitted) throw new Error('the model has not been fitted');
    const panel = await dataset.prepare(segment, { colSet: ['feature'], dataKey: 'infer' });
    if (panel.columns.length !== fitted.coef.length)
      throw new UserError(
        `the model was fitted on ${fitted.coef.length} features, the dataset has ${panel.columns.length}`,
      );
    const { coef, intercept, single } = fitted;
    const score = allocate(single ? 'f32' : 'f64', panel.length);
    score.set(
      single
        ? singleProduct(panel.columns, coef, panel.length, this.threads)
        : product(panel.columns, coef, panel.length),
    );
    if (intercept !== 0) for (let i = 0; i < score.length; i++) score[i] = score[i]! + intercept;
    return new Panel(panel.index, [denseColumn(null, 'score', score)]);
  }

  state(): ModelState {
    if (!this.fitted) throw new Error('the model has not been fitted');
    const { coef, ...rest } = this.fitted;
    return {
      class: 'LinearModel',
      module_path: 'qlib.contrib.model.linear',
      kwargs: { ...this.options },
      files: { 'linear.json': `${JSON.stringify({ ...rest, coef: Array.from(coef) }, null, 1)}\n` },
    };
  }

  /** The model that `state` describes. */
  static restore({ kwargs, files }: ModelState, threads = 1): LinearModel {
    const model = new LinearModel(kwargs, threads);
    const text = files['linear.json'];
    if (text === undefined) throw new Error('a linear model is kept in linear.json, which is missing');
    const { coef, ...rest } = JSON.parse(
      typeof text === 'string' ? text : new TextDecoder().decode(text),
    ) as Omit<LinearFit, 'coef'> & { coef: number[] };
    model.fitted = { ...rest, coef: Float64Array.from(coef) };
    return model;
  }
}

/** Xw in float64, `(rows)`. */
function product(columns: readonly PanelColumn[], coef: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array(rows);
  columns.forEach(({ values, rows: selection }, j) => {
    const weight = coef[j]!;
    for (let i = 0; i < rows; i++) sums[i]! += weight * values[selection ? selection[i]! : i]!;
  });
  return sums;
}

function checkOptions({ estimator = 'ols', alpha = 0 }: LinearModelOptions): void {
  if (alpha !== 0 && estimator !== 'ridge' && estimator !== 'lasso')
    throw new UserError(`alpha is ${alpha}, but the estimator ${estimator} has no penalty`, {
      hint: 'leave alpha out, or take ridge or lasso',
      path: ['alpha'],
    });
}

/** `LinearModel` of a config. */
export const LinearModelDefinition: Definition<Model, LinearModelOptions> = {
  name: 'LinearModel',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      estimator: { enum: ['ols', 'nnls', 'ridge', 'lasso'] },
      alpha: { type: 'number', minimum: 0, description: 'weight of the penalty of ridge and lasso' },
      fit_intercept: { type: 'boolean' },
      include_valid: { type: 'boolean', description: 'learn from the segment valid too' },
    },
  },
  check: checkOptions,
  create: (options, { blasThreads, pool }) => new LinearModel(options, blasThreads ?? pool.size),
};
