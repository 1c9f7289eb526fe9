import type { Params } from '../params/resolve.ts';

export interface MetricData {
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly length: number;
}

/** A figure of how well scores fit labels. */
export interface Metric {
  readonly name: string;
  readonly maximize: boolean;
  /** The loss of one row, weighted and averaged: sum(w * loss) / sum(w), then `finish`. */
  readonly loss?: (label: number, output: number) => number;
  readonly finish?: (mean: number) => number;
  /** Figures that are no mean over rows. Gets raw scores. */
  readonly whole?: (score: Float64Array, data: MetricData) => number;
}

export type MakeMetric = (params: Params) => Metric;

/** Rows are summed in blocks of this size, and blocks in order, so that sums do not depend on threads. */
export const lossBlock = 8192;

/** Sums w * loss over the rows [from, to). `output` turns a raw score into the objective's prediction. */
export function sumLoss(
  metric: Metric,
  score: Float64Array,
  { label, weight }: MetricData,
  output: ((raw: number) => number) | null,
  from: number,
  to: number,
): number {
  const { loss } = metric;
  if (!loss) throw new Error(`metric ${metric.name} is no mean over rows`);
  let sum = 0;
  for (let i = from; i < to; i++) {
    const value = loss(label[i]!, output ? output(score[i]!) : score[i]!);
    sum += weight === null ? value : value * weight[i]!;
  }
  return sum;
}
