import { discount, firstOf, labelGains, maxDcg, queryBounds } from '../objective/dcg.ts';
import type { Params } from '../params/resolve.ts';
import { type MakeMetric, type Metric, type MetricData, singleWeight, totalWeight } from './metric.ts';
import { crossEntropy } from './point-metrics.ts';
import { evalPlaces, queryWeights } from './query-weights.ts';

/** NDCG at each of `eval_at` (1 to 5), the mean over queries; 1 where a query has no gain. LightGBM `NDCGMetric`. */
export function ndcgMetrics({ eval_at, label_gain }: Params): Metric[] {
  const gains = labelGains(label_gain);
  const places = evalPlaces(eval_at);
  // the best that a query can reach hangs on its labels alone, which stay from round to round
  const kept = new WeakMap<Float32Array, { group: Int32Array | null; best: Float64Array[] }>();
  const bestOf = ({ label, group }: MetricData, bounds: Uint32Array): Float64Array[] => {
    const found = kept.get(label);
    if (found?.group === group) return found.best;
    const best = places.map((k) =>
      Float64Array.from({ length: bounds.length - 1 }, (_, q) =>
        maxDcg(k, label.subarray(bounds[q]!, bounds[q + 1]!), gains),
      ),
    );
    kept.set(label, { group, best });
    return best;
  };
  return places.map((k, place) => ({
    name: `ndcg@${k}`,
    maximize: true,
    whole(score, data) {
      const bounds = queryBounds('metric ndcg', data);
      const weights = queryWeights(data, bounds);
      const best = bestOf(data, bounds);
      let sum = 0;
      for (let q = 0; q + 1 < bounds.length; q++) {
        const start = bounds[q]!;
        const order = firstOf(score.subarray(start, bounds[q + 1]!), k);
        let dcg = 0;
        for (let j = 0; j < order.length; j++)
          dcg += gains[Math.trunc(data.label[start + order[j]!]!)]! * discount(j);
        // a query without any gain counts 1, whatever its weight
        sum += best[0]![q]! > 0 ? dcg * (1 / best[place]![q]!) * (weights?.each[q] ?? 1) : 1;
      }
      return sum / (weights?.sum ?? bounds.length - 1);
    },
  }));
}

/** Cross entropy less the labels' own entropy. LightGBM `KullbackLeiblerDivergence`. */
export const kullbackLeibler: MakeMetric = () => ({
  name: 'kullback_leibler',
  maximize: false,
  whole(score, data, convert) {
    const { label, weight, length } = data;
    const outputs = score.slice();
    convert?.(outputs, 1);
    const part = (p: number) => (p > 0 ? p * Math.log(p) : 0);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const y = label[i]!;
      const value = crossEntropy(y, outputs[i]!) + part(y) + part(1 - y);
      sum += weight ? value * weight[i]! : value;
    }
    return sum / singleWeight(data);
  },
});

/** Cross entropy of 1 - exp(-w * rate), where weights are part of the loss. LightGBM `CrossEntropyLambdaMetric`. */
export const crossEntropyLambda: MakeMetric = () => ({
  name: 'cross_entropy_lambda',
  maximize: false,
  whole(score, { label, weight, length }, convert) {
    const rates = score.slice();
    convert?.(rates, 1);
    let sum = 0;
    for (let i = 0; i < length; i++)
      sum += crossEntropy(label[i]!, 1 - Math.exp(-(weight ? weight[i]! : 1) * rates[i]!));
    return sum / length;
  },
});

/** Share of the label's variance that is explained. LightGBM `R2Metric`. */
export const r2: MakeMetric = () => ({
  name: 'r2',
  maximize: true,
  whole(score, data, convert) {
    const { label, weight, length } = data;
    const outputs = score.slice();
    convert?.(outputs, 1);
    const w = (i: number) => (weight ? weight[i]! : 1);
    let mean = 0;
    for (let i = 0; i < length; i++) mean += label[i]! * w(i);
    mean /= totalWeight(data);
    let residual = 0;
    let total = 0;
    for (let i = 0; i < length; i++) {
      residual += (label[i]! - outputs[i]!) ** 2 * w(i);
      total += (label[i]! - mean) ** 2 * w(i);
    }
    if (total === 0) return residual === 0 ? 1 : 0;
    return 1 - residual / total;
  },
});
