import type { Values } from '../core/panel.ts';
import { pairwiseSum, roundingOf } from '../core/stats.ts';

/** Mean of the values present, NaN of none: pandas' `Series.mean()`, which sums as numpy does and keeps the precision of the storage. */
export function seriesMean(values: Values): number {
  const round = roundingOf(values);
  return round(pairwiseSum(values, 0, values.length, round) / countOf(values));
}

/**
 * Sample standard deviation (by n - 1) of the values present, NaN of fewer than two: pandas' `Series.std()`. Of float32 values, sums are doubles, but
 * squares of deviations, the variance and its root float32.
 */
export function seriesDeviation(values: Values): number {
  const round = roundingOf(values);
  const count = countOf(values);
  if (count < 2) return Number.NaN;
  const mean = round(pairwiseSum(values) / count);
  const squares = Float64Array.from(values, (x) => {
    const deviation = round(mean - x);
    return round(deviation * deviation);
  });
  return round(Math.sqrt(round(pairwiseSum(squares) / (count - 1))));
}

/** Mean over standard deviation, in the precision of the storage. */
export function seriesRatio(values: Values): number {
  return roundingOf(values)(seriesMean(values) / seriesDeviation(values));
}

function countOf(values: Values): number {
  let count = 0;
  for (const x of values) if (!Number.isNaN(x)) count++;
  return count;
}
