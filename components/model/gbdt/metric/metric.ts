import type { Convert } from '../objective/convert.ts';
import type { Params } from '../params/resolve.ts';

export interface MetricData {
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly group: Int32Array | null;
  readonly length: number;
}

/** A figure of how well scores fit labels. */
export interface Metric {
  readonly name: string;
  readonly maximize: boolean;
  /** The loss of one row, weighted and averaged: sum(w * loss) / sum(w), then `finish`. */
  readonly loss?: (label: number, output: number) => number;
  /** Sum of weights, where it is not `totalWeight`. */
  readonly totalWeight?: (data: MetricData) => number;
  readonly finish?: (mean: number, weights: number) => number;
  /** Figures that are no mean over rows, or need all classes. Gets raw scores, class after class, and how to turn them into predictions. */
  readonly whole?: (score: Float64Array, data: MetricData, convert: Convert | null) => number;
}

export type MakeMetric = (params: Params) => Metric;

/** Rows are summed in blocks of this size, and blocks in order, so that sums do not depend on threads. */
export const lossBlock = 8192;

/** Sums w * loss over the rows [from, to). */
export function sumLoss(
  metric: Metric,
  score: Float64Array,
  { label, weight }: MetricData,
  convert: Convert | null,
  from: number,
  to: number,
): number {
  const { loss } = metric;
  if (!loss) throw new Error(`metric ${metric.name} is no mean over rows`);
  let outputs = score.subarray(from, to);
  if (convert) {
    outputs = outputs.slice();
    convert(outputs, 1);
  }
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) {
    const value = loss(label[from + i]!, outputs[i]!);
    sum += weight === null ? value : value * weight[from + i]!;
  }
  return sum;
}

/** Sum of weights as LightGBM makes it for cross entropies: in float32, two at a time. */
export function singleWeight({ weight, length }: MetricData): number {
  if (!weight) return length;
  const odd = length % 2 === 1;
  let sum = odd ? weight[0]! : Math.fround(weight[0]! + weight[1]!);
  for (let i = odd ? 1 : 2; i < length; i += 2)
    sum = Math.fround(sum + Math.fround(weight[i]! + weight[i + 1]!));
  return sum;
}

/** Sum of weights, or the number of rows. */
export function totalWeight({ weight, length }: MetricData): number {
  let sum = 0;
  if (!weight) return length;
  for (let i = 0; i < length; i++) sum += weight[i]!;
  return sum;
}
