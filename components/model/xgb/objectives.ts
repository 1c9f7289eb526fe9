import { expf as exp, logf as log, log1pf as log1p } from './float-math.ts';
import type { XgbLoss } from './loss.ts';
import type { XgbParams } from './params.ts';

const round = Math.fround;
const same = (x: number) => x;
const least = round(1e-16);
const tiny = round(1e-6);

/** The logistic function of a score. */
export function sigmoid(x: number): number {
  return round(1 / round(exp(round(Math.min(-x, round(88.7)))) + 1));
}

function logit(base: number): number {
  const p = Math.min(Math.max(base, tiny), round(1 - tiny));
  return round(-log(round(round(1 / p) - 1)));
}

const zeroToOne = { allow: (y: number) => y >= 0 && y <= 1, hint: 'from 0 to 1' };
const notNegative = { allow: (y: number) => y >= 0, hint: 'of 0 and above' };
const positive = { allow: (y: number) => y > 0, hint: 'above 0' };
const classWeight = ({ scale_pos_weight }: XgbParams) => ({
  reg_loss_param: { scale_pos_weight: String(scale_pos_weight) },
});

function logistic(params: XgbParams, defaultMetric: string): XgbLoss {
  return {
    defaultMetric,
    labels: zeroToOne,
    start: 'mean',
    scalesPositives: true,
    json: classWeight(params),
    margin: logit,
    output: sigmoid,
    gradient: (score, label) => round(sigmoid(score) - label),
    hessian(score) {
      const p = sigmoid(score);
      return Math.max(round(p * round(1 - p)), least);
    },
  };
}

/** XGBoost's objectives of one score a row, by name. Source: XGBoost 3.2 src/objective/. */
export const objectives: Readonly<Record<string, (params: XgbParams) => XgbLoss>> = {
  'reg:squarederror': (params) => ({
    defaultMetric: 'rmse',
    start: 'mean',
    scalesPositives: true,
    json: classWeight(params),
    margin: same,
    output: same,
    gradient: (score, label) => round(score - label),
    hessian: () => 1,
  }),
  'reg:squaredlogerror': () => ({
    defaultMetric: 'rmsle',
    labels: { allow: (y) => y > -1, hint: 'above -1' },
    start: 'step',
    json: {},
    margin: same,
    output: same,
    gradient(score, label) {
      const p = Math.max(score, round(-1 + 1e-6));
      return round(round(log1p(p) - log1p(label)) / round(p + 1));
    },
    hessian(score, label) {
      const p = Math.max(score, round(-1 + 1e-6));
      const square = round(p + 1) ** 2;
      return Math.max(round(round(round(-log1p(p) + log1p(label)) + 1) / square), tiny);
    },
  }),
  'reg:logistic': (params) => logistic(params, 'rmse'),
  'binary:logistic': (params) => logistic(params, 'logloss'),
  'binary:logitraw': (params) => ({ ...logistic(params, 'logloss'), margin: same, output: same }),
  'binary:hinge': () => ({
    defaultMetric: 'error',
    start: 'step',
    json: {},
    margin: same,
    output: (score) => (score > 0 ? 1 : 0),
    gradient: (score, label) => (score * (2 * label - 1) < 1 ? 1 - 2 * label : 0),
    hessian: (score, label) => (score * (2 * label - 1) < 1 ? 1 : 2 ** -126),
  }),
  'reg:pseudohubererror': ({ huber_slope }) => {
    const slope2 = round(round(huber_slope) * round(huber_slope));
    const scale = (z: number) => round(Math.sqrt(round(1 + round(round(z * z) / slope2))));
    return {
      defaultMetric: 'mphe',
      start: 'step',
      json: { pseudo_huber_param: { huber_slope: String(huber_slope) } },
      margin: same,
      output: same,
      gradient(score, label) {
        const z = round(score - label);
        return round(z / scale(z));
      },
      hessian(score, label) {
        const z = round(score - label);
        return round(slope2 / round(round(slope2 + round(z * z)) * scale(z)));
      },
    };
  },
  'reg:absoluteerror': () => ({
    defaultMetric: 'mae',
    start: { quantile: 0.5, averaged: true },
    leafQuantile: 0.5,
    json: {},
    margin: same,
    output: same,
    gradient: (score, label) => Math.sign(score - label),
    hessian: () => 1,
  }),
  'reg:quantileerror': ({ quantile_alpha }) => {
    const alpha = round(quantile_alpha);
    return {
      defaultMetric: 'quantile',
      start: { quantile: alpha },
      leafQuantile: alpha,
      json: { quantile_loss_param: { quantile_alpha: `[${quantile_alpha}]` } },
      margin: same,
      output: same,
      gradient: (score, label) => (round(score - label) >= 0 ? round(1 - alpha) : -alpha),
      hessian: () => 1,
    };
  },
  'count:poisson': ({ max_delta_step }) => ({
    defaultMetric: 'poisson-nloglik',
    labels: notNegative,
    start: 'mean',
    json: { poisson_regression_param: { max_delta_step: String(max_delta_step) } },
    margin: log,
    output: exp,
    gradient: (score, label) => round(exp(score) - label),
    hessian: (score) => exp(round(score + round(max_delta_step))),
  }),
  'reg:gamma': (params) => ({
    defaultMetric: 'gamma-deviance',
    labels: positive,
    start: 'mean',
    scalesPositives: true,
    json: classWeight(params),
    margin: log,
    output: exp,
    gradient: (score, label) => round(1 - round(label / exp(score))),
    hessian: (score, label) => round(label / exp(score)),
  }),
  'reg:tweedie': ({ tweedie_variance_power }) => {
    const rho = round(tweedie_variance_power);
    const [a, b] = [round(1 - rho), round(2 - rho)];
    return {
      defaultMetric: `tweedie-nloglik@${tweedie_variance_power}`,
      labels: notNegative,
      start: 'mean',
      json: { tweedie_regression_param: { tweedie_variance_power: String(tweedie_variance_power) } },
      margin: log,
      output: exp,
      gradient: (score, label) => round(round(-label * exp(round(a * score))) + exp(round(b * score))),
      hessian: (score, label) =>
        round(round(round(-label * a) * exp(round(a * score))) + round(b * exp(round(b * score)))),
    };
  },
};
