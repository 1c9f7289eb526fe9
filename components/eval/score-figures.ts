import type { Panel } from '../core/panel.ts';
import { scoreAutocorrelation } from './autocorrelation.ts';
import { type GroupReturns, groupReturns } from './group-returns.ts';
import { precisionAtK } from './precision-at-k.ts';
import { averageOf } from './risk.ts';

/** Figures that need all scores and labels, day by day. */
export interface ScoreFigures {
  readonly groups: GroupReturns;
  /** Of the scores with those of the day before. */
  readonly autocorrelation: { readonly times: Float64Array; readonly values: Float64Array };
  /** Instruments with a score a day. */
  readonly coverage: Float64Array;
  readonly precision: readonly Precision[];
}

/** How often the k best scores of a day turn out right: mean over days. */
export interface Precision {
  readonly k: number;
  /** Their label is above 0. */
  readonly rising: number;
  /** Their label is above the mean of the day. */
  readonly better: number;
}

const ks = [1, 5, 10, 20, 50];

/** Group returns, autocorrelation, coverage and precision of scores against labels. */
export function scoreFigures(pred: Panel, label: Panel): ScoreFigures {
  const { index } = pred;
  return {
    groups: groupReturns(pred, label),
    autocorrelation: scoreAutocorrelation(pred),
    precision: precisionOf(pred, label),
    coverage: Float64Array.from(index.times, (_, t) => index.offsets[t + 1]! - index.offsets[t]!),
  };
}

function precisionOf(pred: Panel, label: Panel): Precision[] {
  const { index } = pred;
  const some = ks.filter((k) => k < index.length / index.times.length);
  const { rising, better } = precisionAtK(pred, label, some);
  return some.map((k, i) => ({ k, rising: averageOf(rising[i]!), better: averageOf(better[i]!) }));
}
