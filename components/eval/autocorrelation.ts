import { denseValues, type Panel } from '../core/panel.ts';
import { pearson } from './correlation.ts';

/**
 * Correlation of each day's scores with those of `lag` days of the panel before: qlib's `pred_autocorr`.
 * Instruments with a score on both days count; NaN on the first `lag` days.
 */
export function scoreAutocorrelation(pred: Panel, lag = 1): { times: Float64Array; values: Float64Array } {
  const { index, columns } = pred;
  const scores = columns[0] ? denseValues(columns[0]) : new Float64Array(index.length);
  const rows = Array.from(index.times, (_, t) => {
    const row = new Float64Array(index.instruments.length).fill(Number.NaN);
    for (let i = index.offsets[t]!; i < index.offsets[t + 1]!; i++) row[index.codes[i]!] = scores[i]!;
    return row;
  });
  return {
    times: index.times,
    values: Float64Array.from(rows, (row, t) => (t >= lag ? pearson(row, rows[t - lag]!) : Number.NaN)),
  };
}
