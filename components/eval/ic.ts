import type { Panel } from '../core/panel.ts';
import { pearson, spearman } from './correlation.ts';
import { pairsByDay } from './pairs-by-day.ts';

/** Information coefficients by day. */
export interface DailyIC {
  readonly times: Float64Array;
  /** Pearson's. */
  readonly ic: Float64Array;
  /** Spearman's. */
  readonly ric: Float64Array;
}

/**
 * Correlation of scores and labels across instruments, day by day: qlib's `calc_ic`. First column of each
 * panel; pairs with a NaN are left out; NaN on a day with fewer than two pairs or a constant side. Reckoned in
 * double precision whatever the columns are.
 */
export function dailyIC(pred: Panel, label: Panel): DailyIC {
  const times: number[] = [];
  const ic: number[] = [];
  const ric: number[] = [];
  for (const day of pairsByDay(pred, label)) {
    times.push(day.time);
    ic.push(pearson(day.pred, day.label));
    ric.push(spearman(day.pred, day.label));
  }
  return { times: Float64Array.from(times), ic: Float64Array.from(ic), ric: Float64Array.from(ric) };
}

/** A daily series without its NaN days (`dropna`). */
export function withoutNaN(
  times: Float64Array,
  values: Float64Array,
): { times: Float64Array; values: Float64Array } {
  const keep = (_: number, i: number) => !Number.isNaN(values[i]!);
  return { times: times.filter(keep), values: values.filter(keep) };
}
