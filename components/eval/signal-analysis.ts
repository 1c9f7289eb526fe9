import type { Panel } from '../core/panel.ts';
import { type DailyIC, dailyIC } from './ic.ts';
import { type LongShortReturn, longShortReturn } from './long-short.ts';

/** What scores say about labels, day by day. */
export interface SignalAnalysis {
  readonly ics: DailyIC;
  /** Of the best and worst fifth; undefined where it was not asked for. */
  readonly longShort: LongShortReturn | undefined;
}

/** Information coefficients and, if asked for, returns of the best and worst fifth. */
export function signalAnalysis(pred: Panel, label: Panel, withLongShort: boolean): SignalAnalysis {
  return {
    ics: dailyIC(pred, label),
    longShort: withLongShort ? longShortReturn(pred, label) : undefined,
  };
}
