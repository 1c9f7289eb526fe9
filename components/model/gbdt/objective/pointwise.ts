import { UserError } from '../../../core/errors.ts';
import { epsilon } from '../constants.ts';
import { type MakeObjective, type Objective, type ObjectiveData, weightedSum } from './objective.ts';

/** An objective of one tree whose derivatives follow from score and label of the row alone; the weight multiplies both. */
function pointwise(options: {
  readonly name: string;
  readonly data: ObjectiveData;
  startScore(): number;
  gradient(score: number, label: number): number;
  hessian(score: number, label: number): number;
}): Objective {
  const { name, data, startScore, gradient, hessian } = options;
  const { label, weight } = data;
  return {
    name,
    text: name,
    trees: 1,
    trainable: () => true,
    startScore,
    gradients(score, pairs, from, to) {
      for (let i = from; i < to; i++) {
        const w = weight ? weight[i]! : 1;
        pairs[2 * i] = gradient(score[i]!, label[i]!) * w;
        pairs[2 * i + 1] = hessian(score[i]!, label[i]!) * w;
      }
    },
  };
}

function meanLabel(data: ObjectiveData): number {
  const { sum, weights } = weightedSum(data);
  return sum / weights;
}

/** Squared error near the label, absolute error farther than `alpha` from it. LightGBM `RegressionHuberLoss`. */
export const huber: MakeObjective = ({ alpha }, data) =>
  pointwise({
    name: 'huber',
    data,
    startScore: () => meanLabel(data),
    gradient(score, label) {
      const diff = score - label;
      return Math.abs(diff) <= alpha ? diff : Math.sign(diff) * alpha;
    },
    hessian: () => 1,
  });

/** c² (|x| / c - ln(1 + |x| / c)). LightGBM `RegressionFairLoss`. */
export const fair: MakeObjective = ({ fair_c: c }, data) =>
  pointwise({
    name: 'fair',
    data,
    startScore: () => meanLabel(data),
    gradient: (score, label) => (c * (score - label)) / (Math.abs(score - label) + c),
    hessian(score, label) {
      const x = Math.abs(score - label) + c;
      return (c * c) / (x * x);
    },
  });

function logOfMean(name: string, data: ObjectiveData): () => number {
  if (data.label.some((y) => y < 0))
    throw new UserError(`objective ${name} has a negative label`, {
      hint: 'labels must not be negative',
      path: ['objective'],
    });
  if (data.label.every((y) => y === 0))
    throw new UserError(`objective ${name} has no label above 0`, { path: ['objective'] });
  return () => Math.log(meanLabel(data));
}

/** Counts of mean exp(score). LightGBM `RegressionPoissonLoss`. */
export const poisson: MakeObjective = ({ poisson_max_delta_step }, data) => {
  const factor = Math.exp(poisson_max_delta_step);
  return pointwise({
    name: 'poisson',
    data,
    startScore: logOfMean('poisson', data),
    gradient: (score, label) => Math.exp(score) - label,
    hessian: (score) => Math.exp(score) * factor,
  });
};

/** Positive labels of mean exp(score). LightGBM `RegressionGammaLoss`. */
export const gamma: MakeObjective = (_, data) =>
  pointwise({
    name: 'gamma',
    data,
    startScore: logOfMean('gamma', data),
    gradient: (score, label) => 1 - label * Math.exp(-score),
    hessian: (score, label) => label * Math.exp(-score),
  });

/** Labels with many zeros, variance mean^rho. LightGBM `RegressionTweedieLoss`. */
export const tweedie: MakeObjective = ({ tweedie_variance_power: rho }, data) =>
  pointwise({
    name: 'tweedie',
    data,
    startScore: logOfMean('tweedie', data),
    gradient: (score, label) => -label * Math.exp((1 - rho) * score) + Math.exp((2 - rho) * score),
    hessian: (score, label) =>
      -label * (1 - rho) * Math.exp((1 - rho) * score) + (2 - rho) * Math.exp((2 - rho) * score),
  });

function checkUnit(name: string, { label }: ObjectiveData): void {
  const bad = label.find((y) => !(y >= 0 && y <= 1));
  if (bad !== undefined)
    throw new UserError(`objective ${name} has the label ${bad}`, {
      hint: 'labels must lie in [0, 1]',
      path: ['objective'],
    });
}

/** Cross entropy of labels in [0, 1] against sigmoid(score). LightGBM `CrossEntropy`. */
export const crossEntropy: MakeObjective = (_, data) => {
  checkUnit('cross_entropy', data);
  return pointwise({
    name: 'cross_entropy',
    data,
    startScore() {
      const share = Math.max(Math.min(meanLabel(data), 1 - epsilon), epsilon);
      return Math.log(share / (1 - share));
    },
    gradient(score, label) {
      if (!(score > -37)) return Math.exp(score) - label;
      const e = Math.exp(-score);
      return (Math.fround(1 - label) - label * e) / (1 + e);
    },
    hessian(score) {
      if (!(score > -37)) return Math.exp(score);
      const e = Math.exp(-score);
      return e / ((1 + e) * (1 + e));
    },
  });
};

/** Cross entropy whose score is the logarithm of a rate: p = 1 - exp(-w ln(1 + exp(score))). LightGBM `CrossEntropyLambda`. */
export const crossEntropyLambda: MakeObjective = (_, data) => {
  checkUnit('cross_entropy_lambda', data);
  const { label, weight } = data;
  const plain = pointwise({
    name: 'cross_entropy_lambda',
    data: { ...data, weight: null },
    startScore: () => Math.log(Math.expm1(meanLabel(data))),
    gradient: (score, y) => 1 / (1 + Math.exp(-score)) - y,
    hessian(score) {
      const z = 1 / (1 + Math.exp(-score));
      return z * (1 - z);
    },
  });
  if (!weight) return plain;
  return {
    ...plain,
    gradients(score, pairs, from, to) {
      for (let i = from; i < to; i++) {
        const [w, y] = [weight[i]!, label[i]!];
        const e = Math.exp(score[i]!);
        const z = 1 - Math.exp(-w * Math.log1p(e));
        pairs[2 * i] = ((1 - y / z) * w) / (1 + 1 / e);
        const c = 1 / (1 - z);
        const a = (w * e) / ((1 + e) * (1 + e));
        const b = (c / ((c - 1) * (c - 1))) * (1 + w * e - c);
        pairs[2 * i + 1] = a * (1 + y * b);
      }
    },
  };
};
