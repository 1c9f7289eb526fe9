import type { MetricData } from './metric.ts';

/** Weights of queries: the means of their rows' weights, in float32 as LightGBM holds them; null without weights. */
export function queryWeights(
  { weight }: MetricData,
  bounds: Uint32Array,
): { readonly each: Float32Array; readonly sum: number } | null {
  if (!weight) return null;
  const each = new Float32Array(bounds.length - 1);
  let sum = 0;
  for (let q = 0; q < each.length; q++) {
    for (let row = bounds[q]!; row < bounds[q + 1]!; row++) each[q]! += weight[row]!;
    each[q]! /= bounds[q + 1]! - bounds[q]!;
    sum += each[q]!;
  }
  return { each, sum };
}

/** Places to evaluate rankings at, ascending; 1 to 5 by default. */
export function evalPlaces(evalAt: readonly number[]): number[] {
  return (evalAt.length > 0 ? [...evalAt] : [1, 2, 3, 4, 5]).sort((a, b) => a - b);
}
