import { UserError } from '../../core/errors.ts';
import { areaUnderPrecision, areaUnderRoc } from './area.ts';
import { expf as exp, logf as log, log1pf as log1p } from './float-math.ts';
import { logGamma } from './log-gamma.ts';
import type { XgbParams } from './params.ts';
import { highest } from './softmax.ts';

const round = Math.fround;
const least = round(1e-16);
const tiny = round(1e-6);

/** A figure of outputs `(rows)`, or `(rows, classes)`. */
export interface XgbMetric {
  readonly name: string;
  /** Whether more is better. */
  readonly greater: boolean;
  of(output: Float32Array, label: Float32Array, weight: Float32Array | null): number;
}

type RowLoss = (output: number, label: number) => number;

/** The weighted mean of a row's loss, then `finish`. */
function meanOf(name: string, loss: RowLoss, finish: (mean: number) => number = (x) => x): XgbMetric {
  return {
    name,
    greater: false,
    of(output, label, weight) {
      let sum = 0;
      let weights = 0;
      for (let i = 0; i < label.length; i++) {
        const w = weight ? weight[i]! : 1;
        sum += round(round(loss(output[i]!, label[i]!)) * w);
        weights += w;
      }
      return finish(sum / weights);
    },
  };
}

/** The weighted mean of a row's loss by the outputs of all classes, which stand from place `at` on. */
function ofClasses(
  name: string,
  loss: (outputs: Float32Array, at: number, classes: number, label: number) => number,
): XgbMetric {
  return {
    name,
    greater: false,
    of(output, label, weight) {
      const classes = output.length / label.length;
      let [sum, weights] = [0, 0];
      for (let i = 0; i < label.length; i++) {
        const w = weight ? weight[i]! : 1;
        sum += round(loss(output, i * classes, classes, label[i]!) * w);
        weights += w;
      }
      return sum / weights;
    },
  };
}

const logloss: RowLoss = (p, y) => {
  const part = (x: number, of: number) => (x === 0 ? 0 : round(x * log(Math.max(of, least))));
  return round(part(-y, p) + part(-round(1 - y), round(1 - p)));
};

/** Metrics by name; `at` is what stands behind an @. Source: XGBoost 3.2 src/metric/elementwise_metric.cu, auc.cc. */
const metrics: Readonly<Record<string, (at: number | null, params: XgbParams) => XgbMetric>> = {
  rmse: () => meanOf('rmse', (p, y) => round(y - p) ** 2, Math.sqrt),
  rmsle: () => meanOf('rmsle', (p, y) => round(log1p(y) - log1p(p)) ** 2, Math.sqrt),
  mae: () => meanOf('mae', (p, y) => Math.abs(round(y - p))),
  mape: () => meanOf('mape', (p, y) => Math.abs(round(y - p) / y)),
  logloss: () => meanOf('logloss', logloss),
  error: (at) =>
    meanOf(at === null || at === 0.5 ? 'error' : `error@${at}`, (p, y) =>
      p > round(at ?? 0.5) ? round(1 - y) : y,
    ),
  mphe: (_, { huber_slope }) => {
    const slope = round(huber_slope);
    return meanOf('mphe', (p, y) => {
      const z = round(round(y - p) / slope);
      return round(slope * slope) * round(round(Math.sqrt(round(1 + round(z * z)))) - 1);
    });
  },
  quantile: (_, { quantile_alpha }) => {
    const alpha = round(quantile_alpha);
    return meanOf('quantile', (p, y) => {
      const d = round(y - p);
      return d >= 0 ? alpha * d : -round(1 - alpha) * d;
    });
  },
  'poisson-nloglik': () =>
    meanOf('poisson-nloglik', (p, y) => {
      const mean = Math.max(p, least);
      return round(round(round(logGamma(round(y + 1))) + mean) - round(log(mean) * y));
    }),
  'gamma-deviance': () =>
    meanOf(
      'gamma-deviance',
      (p, y) => {
        const [a, b] = [round(p + tiny), round(y + tiny)];
        return round(round(log(round(a / b)) + round(b / a)) - 1);
      },
      (mean) => 2 * mean,
    ),
  'gamma-nloglik': () =>
    meanOf('gamma-nloglik', (p, y) => {
      const theta = round(-1 / Math.max(p, tiny));
      return -round(round(y * theta) + log(-theta));
    }),
  'tweedie-nloglik': (at, { tweedie_variance_power }) => {
    const power = at ?? tweedie_variance_power;
    const rho = round(power);
    const part = (k: number, p: number) => round(exp(round(round(k - rho) * log(p))) / round(k - rho));
    return meanOf(`tweedie-nloglik@${power}`, (p, y) => {
      const a = round(round(y * exp(round(round(1 - rho) * log(p)))) / round(1 - rho));
      return round(-a + part(2, p));
    });
  },
  mlogloss: () => ofClasses('mlogloss', (p, at, _, y) => -log(Math.max(p[at + y]!, least))),
  merror: () => ofClasses('merror', (p, at, classes, y) => (highest(p, at, classes) === y ? 0 : 1)),
  auc: () => ({ name: 'auc', greater: true, of: areaUnderRoc }),
  aucpr: () => ({ name: 'aucpr', greater: true, of: areaUnderPrecision }),
};

/** Metrics of several classes. */
const ofSeveral: readonly string[] = ['mlogloss', 'merror'];

/** Metrics by name. @throws UserError for unknown ones. */
export function makeXgbMetrics(names: readonly string[], params: XgbParams): readonly XgbMetric[] {
  const allowed = Object.keys(metrics).filter(
    (name) => ofSeveral.includes(name) === (params.objective === 'multi:softmax'),
  );
  return names.map((name) => {
    const [base = '', at] = name.split('@');
    const make = allowed.includes(base) ? metrics[base] : undefined;
    if (!make || (at !== undefined && !(Number.isFinite(Number(at)) && at !== '')))
      throw new UserError(`eval_metric "${name}" is not supported`, {
        hint: `allowed: ${allowed.join(', ')}`,
        path: ['eval_metric'],
      });
    return make(at === undefined ? null : Number(at), params);
  });
}
