import { firstOf, queryBounds } from '../objective/dcg.ts';
import type { Params } from '../params/resolve.ts';
import type { Metric } from './metric.ts';
import { evalPlaces, queryWeights } from './query-weights.ts';

/** Mean average precision at each of `eval_at` (1 to 5) over queries; 1 where a query has nothing relevant. LightGBM `MapMetric`. */
export function mapMetrics({ eval_at }: Params): Metric[] {
  return evalPlaces(eval_at).map((k) => ({
    name: `map@${k}`,
    maximize: true,
    whole(score, data) {
      const bounds = queryBounds('metric map', data);
      const weights = queryWeights(data, bounds);
      let sum = 0;
      for (let q = 0; q + 1 < bounds.length; q++) {
        const label = data.label.subarray(bounds[q]!, bounds[q + 1]!);
        const order = firstOf(score.subarray(bounds[q]!, bounds[q + 1]!), k);
        const relevant = label.reduce((n, y) => n + Number(y > 0.5), 0);
        let hits = 0;
        let precisions = 0;
        for (let j = 0; j < order.length; j++) if (label[order[j]!]! > 0.5) precisions += ++hits / (j + 1);
        const value = relevant > 0 ? precisions / Math.min(relevant, order.length) : 1;
        sum += value * (weights?.each[q] ?? 1);
      }
      return sum / (weights?.sum ?? bounds.length - 1);
    },
  }));
}
