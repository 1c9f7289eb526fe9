import { UserError } from '../../../core/errors.ts';
import type { Params } from '../params/resolve.ts';
import { auc } from './auc.ts';
import type { MakeMetric, Metric } from './metric.ts';
import { pointMetrics } from './point-metrics.ts';

const metrics: Readonly<Record<string, MakeMetric>> = { ...pointMetrics, auc };

/** The metrics that `params.metric` names; none for `custom`. @throws UserError for those that are not supported yet. */
export function makeMetrics(params: Params): Metric[] {
  return params.metric
    .filter((name) => name !== 'custom')
    .map((name) => {
      const make = metrics[name];
      if (!make)
        throw new UserError(`metric "${name}" is not supported`, {
          hint: `allowed: ${Object.keys(metrics).join(', ')}`,
          path: ['metric'],
        });
      return make(params);
    });
}
