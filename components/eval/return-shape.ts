import { quantile } from '../core/stats.ts';
import { drawdowns } from './drawdowns.ts';
import { averageOf, deviationOf, riskAnalysis } from './risk.ts';

/** How the returns of a series are spread. */
export interface ReturnShape {
  /** Share of the steps, among those that move, that gain. */
  readonly winRate: number;
  readonly best: number;
  readonly worst: number;
  /** The 5 % quantile, linear between neighbours. */
  readonly valueAtRisk: number;
  /** Mean of what lies at or below it. */
  readonly expectedShortfall: number;
  /** mean / root mean square of the losses × √steps (Sortino and Price 1994, with 0 as the target). */
  readonly sortino: number;
  /** Compounded return a year / deepest compounded drawdown (Young 1991). */
  readonly calmar: number;
  /** Steps of the longest stretch below an earlier height. */
  readonly longestDrawdown: number;
}

/** NaN returns are left out; NaN where there is nothing to reckon with. */
export function returnShape(returns: Float64Array, freq: string, steps: number): ReturnShape {
  const present = returns.filter((r) => !Number.isNaN(r));
  const moving = present.filter((r) => r !== 0);
  const limit = quantile(present, 0.05);
  const downside = Math.sqrt(present.reduce((sum, r) => sum + Math.min(0, r) ** 2, 0) / present.length);
  const { annualized_return, max_drawdown } = riskAnalysis(present, { freq, mode: 'product' });
  const stretches = drawdowns(present);
  return {
    winRate: moving.filter((r) => r > 0).length / moving.length,
    best: present.length > 0 ? Math.max(...present) : Number.NaN,
    worst: present.length > 0 ? Math.min(...present) : Number.NaN,
    valueAtRisk: limit,
    expectedShortfall: averageOf(present.filter((r) => r <= limit)),
    sortino: (averageOf(present) / downside) * Math.sqrt(steps),
    calmar: annualized_return / -max_drawdown,
    longestDrawdown: Math.max(0, ...stretches.map((d) => (d.recovered ?? present.length) - d.from)),
  };
}

/** Slope of the returns on those of the benchmark, their correlation, and the deviation of the difference a year. NaN pairs are left out. */
export function marketShape(
  returns: Float64Array,
  bench: Float64Array,
  steps: number,
): { readonly beta: number; readonly correlation: number; readonly trackingError: number } {
  const keep = Array.from(returns.keys()).filter((i) => !Number.isNaN(returns[i]! + bench[i]!));
  const [r, b] = [keep.map((i) => returns[i]!), keep.map((i) => bench[i]!)];
  const [meanR, meanB] = [averageOf(r), averageOf(b)];
  const [devR, devB] = [deviationOf(r), deviationOf(b)];
  const covariance = r.reduce((sum, x, i) => sum + (x - meanR) * (b[i]! - meanB), 0) / (keep.length - 1);
  return {
    beta: covariance / (devB * devB),
    correlation: covariance / (devR * devB),
    trackingError: deviationOf(r.map((x, i) => x - b[i]!)) * Math.sqrt(steps),
  };
}
