import { UserError } from '../../core/errors.ts';
import type { XgbParams } from './params.ts';

const round = Math.fround;

/** A loss: pairs from scores, and how scores are shown. */
export interface XgbObjective {
  readonly defaultMetric: string;
  /** Score to start from, as the objective's output. */
  baseScore(label: Float32Array, weight: Float32Array | null): number;
  /** Output to score. */
  margin(base: number): number;
  output(score: number): number;
  gradient(score: number, label: number): number;
  hessian(score: number, label: number): number;
  /** What the model file says of it. */
  readonly json: unknown;
}

function meanLabel(label: Float32Array, weight: Float32Array | null): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += label[i]! * w;
    weights += w;
  }
  return round(sum / weights);
}

function sigmoid(x: number): number {
  return round(1 / round(round(Math.exp(round(Math.min(-x, 88.7)))) + 1));
}

export function makeXgbObjective({ objective }: XgbParams): XgbObjective {
  const json = { name: objective, reg_loss_param: { scale_pos_weight: '1' } };
  if (objective === 'reg:squarederror')
    return {
      json,
      defaultMetric: 'rmse',
      baseScore: meanLabel,
      margin: (base) => base,
      output: (score) => score,
      gradient: (score, label) => round(score - label),
      hessian: () => 1,
    };
  return {
    json,
    defaultMetric: objective === 'binary:logistic' ? 'logloss' : 'rmse',
    baseScore(label, weight) {
      if (label.some((y) => !(y >= 0 && y <= 1)))
        throw new UserError(`${objective} needs labels from 0 to 1`, { path: ['objective'] });
      return meanLabel(label, weight);
    },
    margin: (base) => round(-Math.log(1 / base - 1)),
    output: sigmoid,
    gradient: (score, label) => round(sigmoid(score) - label),
    hessian(score) {
      const p = sigmoid(score);
      return Math.max(round(p * round(1 - p)), round(1e-16));
    },
  };
}

/** A figure of outputs: `loss` of each row, then `finish` of the weighted mean. */
export interface XgbMetric {
  readonly name: string;
  loss(output: number, label: number): number;
  finish?(mean: number): number;
}

const logloss = (p: number, y: number) => {
  const eps = round(1e-16);
  const log = (x: number) => round(Math.log(x < eps ? eps : x));
  return round(round(-y * log(p)) - round(round(1 - y) * log(round(1 - p))));
};

const metrics: readonly XgbMetric[] = [
  { name: 'rmse', loss: (p, y) => round(round(y - p) ** 2), finish: Math.sqrt },
  { name: 'mae', loss: (p, y) => Math.abs(round(y - p)) },
  { name: 'mape', loss: (p, y) => Math.abs(round(round(y - p) / y)) },
  { name: 'logloss', loss: logloss },
  { name: 'error', loss: (p, y) => (p > 0.5 ? round(1 - y) : y) },
];

/** Metrics by name. @throws UserError for unknown ones. */
export function makeXgbMetrics(names: readonly string[]): readonly XgbMetric[] {
  return names.map((name) => {
    const metric = metrics.find((m) => m.name === name);
    if (!metric)
      throw new UserError(`eval_metric "${name}" is not supported`, {
        hint: `allowed: ${metrics.map((m) => m.name).join(', ')}`,
        path: ['eval_metric'],
      });
    return metric;
  });
}
