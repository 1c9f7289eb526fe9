import type { MakeMetric, Metric, MetricData } from './metric.ts';
import { totalWeight } from './metric.ts';

/** Mean over rows of a loss of the label's class among all classes' probabilities. */
function overClasses(name: string, loss: (k: number, row: Float64Array) => number): Metric {
  return {
    name,
    maximize: false,
    whole(score, data: MetricData, convert) {
      const { label, weight, length } = data;
      const row = new Float64Array(score.length / length);
      let sum = 0;
      for (let i = 0; i < length; i++) {
        for (let k = 0; k < row.length; k++) row[k] = score[k * length + i]!;
        convert?.(row, row.length);
        const value = loss(Math.trunc(label[i]!), row);
        sum += weight ? value * weight[i]! : value;
      }
      return sum / totalWeight(data);
    },
  };
}

/** LightGBM's metrics of several classes (src/metric/multiclass_metric.hpp). */
export const classMetrics: Readonly<Record<string, MakeMetric>> = {
  multi_logloss: () =>
    overClasses('multi_logloss', (k, row) => -Math.log(row[k]! > 1e-15 ? row[k]! : Math.fround(1e-15))),
  multi_error: ({ multi_error_top_k: top }) =>
    overClasses(top === 1 ? 'multi_error' : `multi_error@${top}`, (k, row) => {
      let larger = 0;
      for (const p of row) if (p >= row[k]!) larger++;
      return larger > top ? 1 : 0;
    }),
};
