import { epsilon } from '../constants.ts';
import { type MakeMetric, singleWeight } from './metric.ts';

const minimal = { maximize: false } as const;

/** Metrics that are means of a loss over rows, by LightGBM's names (src/metric/regression_metric.hpp, binary_metric.hpp). */
export const pointMetrics: Readonly<Record<string, MakeMetric>> = {
  l2: () => ({ ...minimal, name: 'l2', loss: (y, f) => (f - y) * (f - y) }),
  rmse: () => ({ ...minimal, name: 'rmse', loss: (y, f) => (f - y) * (f - y), finish: Math.sqrt }),
  l1: () => ({ ...minimal, name: 'l1', loss: (y, f) => Math.abs(f - y) }),
  quantile: ({ alpha }) => ({
    ...minimal,
    name: 'quantile',
    loss: (y, f) => (y - f < 0 ? (alpha - 1) * (y - f) : alpha * (y - f)),
  }),
  huber: ({ alpha }) => ({
    ...minimal,
    name: 'huber',
    loss(y, f) {
      const size = Math.abs(f - y);
      return size <= alpha ? 0.5 * size * size : alpha * (size - 0.5 * alpha);
    },
  }),
  fair: ({ fair_c: c }) => ({
    ...minimal,
    name: 'fair',
    loss(y, f) {
      const x = Math.abs(f - y);
      return c * x - c * c * Math.log1p(x / c);
    },
  }),
  mape: () => ({
    ...minimal,
    name: 'mape',
    loss: (y, f) => Math.abs(y - f) / Math.max(1, Math.abs(y)),
  }),
  poisson: () => ({
    ...minimal,
    name: 'poisson',
    loss(y, f) {
      const mean = Math.max(f, Math.fround(1e-10));
      return mean - y * Math.log(mean);
    },
  }),
  gamma: () => ({
    ...minimal,
    name: 'gamma',
    // the difference of the logarithms is what float32 loses, as in LightGBM
    loss: (y, f) => -(y * (-1 / f) + safeLog(1 / f) + (safeLog(y) - Math.fround(safeLog(y)))),
  }),
  gamma_deviance: () => ({
    ...minimal,
    name: 'gamma_deviance',
    loss(y, f) {
      const ratio = y / (f + 1e-9);
      return ratio - safeLog(ratio) - 1;
    },
    finish: (mean, weights) => mean * weights * 2,
  }),
  tweedie: ({ tweedie_variance_power: rho }) => ({
    ...minimal,
    name: 'tweedie',
    loss(y, f) {
      const log = Math.log(Math.max(f, Math.fround(1e-10)));
      return (-y * Math.exp((1 - rho) * log)) / (1 - rho) + Math.exp((2 - rho) * log) / (2 - rho);
    },
  }),
  cross_entropy: () => ({
    ...minimal,
    name: 'cross_entropy',
    loss: crossEntropy,
    totalWeight: singleWeight,
  }),
  binary_logloss: () => ({
    ...minimal,
    name: 'binary_logloss',
    loss(y, p) {
      const likelihood = y > 0 ? p : 1 - p;
      return -Math.log(likelihood > epsilon ? likelihood : epsilon);
    },
  }),
  binary_error: () => ({
    ...minimal,
    name: 'binary_error',
    loss: (y, p) => ((p <= 0.5 ? y > 0 : y <= 0) ? 1 : 0),
  }),
};

/** Cross entropy of a label in [0, 1]; logarithms are taken of 1e-12 at least. */
export function crossEntropy(label: number, p: number): number {
  const rest = 1 - p;
  return -(
    label * Math.log(p > 1e-12 ? p : 1e-12) +
    Math.fround(1 - label) * Math.log(rest > 1e-12 ? rest : 1e-12)
  );
}

function safeLog(x: number): number {
  return x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY;
}
