import { UserError } from '../../../core/errors.ts';
import type { Params } from '../params/resolve.ts';
import { auc } from './auc.ts';
import { aucMu } from './auc-mu.ts';
import { averagePrecision } from './average-precision.ts';
import { classMetrics } from './class-metrics.ts';
import { mapMetrics } from './map.ts';
import type { MakeMetric, Metric } from './metric.ts';
import { pointMetrics } from './point-metrics.ts';
import { crossEntropyLambda, kullbackLeibler, ndcgMetrics, r2 } from './whole-metrics.ts';

const metrics: Readonly<Record<string, MakeMetric>> = {
  ...pointMetrics,
  ...classMetrics,
  auc,
  auc_mu: aucMu,
  average_precision: averagePrecision,
  kullback_leibler: kullbackLeibler,
  cross_entropy_lambda: crossEntropyLambda,
  r2,
};

/** The metrics that `params.metric` names; none for `custom`. @throws UserError for those that are not supported yet. */
export function makeMetrics(params: Params): Metric[] {
  return params.metric
    .filter((name) => name !== 'custom')
    .flatMap((name) => {
      if (name === 'mean_average_precision' || name === 'map') return mapMetrics(params);
      if (name === 'ndcg') return ndcgMetrics(params);
      const make = metrics[name];
      if (!make)
        throw new UserError(`metric "${name}" is not supported`, {
          hint: `allowed: ${[...Object.keys(metrics), 'ndcg', 'map'].join(', ')}`,
          path: ['metric'],
        });
      return make(params);
    });
}
