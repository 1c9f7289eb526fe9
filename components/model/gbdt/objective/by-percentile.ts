import { UserError } from '../../../core/errors.ts';
import type { MakeObjective, Objective, ObjectiveData } from './objective.ts';
import { percentile, weightedPercentile } from './percentile.ts';

/** Objectives whose leaves get a percentile of the residuals, because their hessians are only weights. */
function byPercentile(options: {
  readonly name: string;
  readonly data: ObjectiveData;
  readonly alpha: number;
  /** Weights of the percentiles; null: none. */
  readonly weight: Float32Array | null;
  /** The gradient from the sign of score - label, as float32. */
  gradient(score: number, i: number): number;
}): Objective {
  const { name, data, alpha, weight, gradient } = options;
  const { label } = data;
  const of = (values: Float64Array, weights: ArrayLike<number> | null, single: boolean) =>
    weights ? weightedPercentile(values, weights, alpha, single) : percentile(values, alpha, single);
  return {
    name,
    text: name,
    trees: 1,
    trainable: () => true,
    startScore: () => of(Float64Array.from(label), weight, true),
    gradients(score, pairs, from, to) {
      for (let i = from; i < to; i++) {
        pairs[2 * i] = gradient(score[i]!, i);
        pairs[2 * i + 1] = data.weight ? data.weight[i]! : 1;
      }
    },
    renew(_, rows, score) {
      const residuals = Float64Array.from(rows, (row) => label[row]! - score[row]!);
      return of(residuals, weight && Float32Array.from(rows, (row) => weight[row]!), false);
    },
  };
}

/** Absolute error. LightGBM `RegressionL1loss`. */
export const l1: MakeObjective = (_, data) => {
  const { label, weight } = data;
  return byPercentile({
    name: 'regression_l1',
    data,
    alpha: 0.5,
    weight,
    gradient: (score, i) => Math.sign(score - label[i]!) * (weight ? weight[i]! : 1),
  });
};

/** Pinball loss of the quantile `alpha`. LightGBM `RegressionQuantileloss`. */
export const quantile: MakeObjective = (params, data) => {
  const alpha = Math.fround(params.alpha);
  if (!(alpha < 1))
    throw new UserError(`alpha is ${params.alpha}`, {
      hint: 'a quantile lies between 0 and 1',
      path: ['alpha'],
    });
  const { label, weight } = data;
  const above = Math.fround(1 - alpha);
  return byPercentile({
    name: 'quantile',
    data,
    alpha,
    weight,
    gradient: (score, i) =>
      (Math.fround(score - label[i]!) >= 0 ? above : -alpha) * (weight ? weight[i]! : 1),
  });
};

/** Absolute error relative to labels of at least 1 in size. LightGBM `RegressionMAPELOSS`. */
export const mape: MakeObjective = (_, data) => {
  const { label, weight } = data;
  const relative = label.map((y, i) => {
    const share = Math.fround(1 / Math.max(1, Math.abs(y)));
    return weight ? share * weight[i]! : share;
  });
  return byPercentile({
    name: 'mape',
    data,
    alpha: 0.5,
    weight: relative,
    gradient: (score, i) => Math.sign(score - label[i]!) * relative[i]!,
  });
};
