import type { PortfolioStatistics, RatioStatistics, SignalStatistics } from './statistics.ts';

/**
 * The statistics as metrics of the run, beside qlib's and under other names: `1day.sharpe` with `.low`, `.high` (95 % of the bootstrap),
 * `.probabilistic`, `.deflated`, `.min_track_record`; the same below `1day.information_ratio`; `1day.trials`, `1day.break_even_cost`,
 * `1day.compounded.annualized_return` ...; `IC.low`, `IC.high`.
 */
export function statisticsMetrics(
  portfolios: readonly PortfolioStatistics[],
  signal: SignalStatistics | undefined,
): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const { freq, sharpe, information, breakEvenCost, figures } of portfolios) {
    metrics[`${freq}.sharpe`] = sharpe.ratio;
    addRatio(metrics, `${freq}.sharpe`, sharpe);
    if (information) addRatio(metrics, `${freq}.information_ratio`, information);
    metrics[`${freq}.trials`] = sharpe.trials;
    metrics[`${freq}.break_even_cost`] = breakEvenCost;
    for (const [name, prefix] of [
      ['after cost', 'compounded'],
      ['excess after cost', 'compounded_excess'],
    ] as const) {
      const found = figures.find((f) => f.name === name);
      if (!found) continue;
      metrics[`${freq}.${prefix}.annualized_return`] = found.compounded.annualized_return;
      metrics[`${freq}.${prefix}.max_drawdown`] = found.compounded.max_drawdown;
      metrics[`${freq}.${prefix}.total_return`] = found.total.compounded;
    }
  }
  if (signal) {
    metrics['IC.low'] = signal.icInterval.low;
    metrics['IC.high'] = signal.icInterval.high;
    metrics['Rank IC.low'] = signal.ricInterval.low;
    metrics['Rank IC.high'] = signal.ricInterval.high;
  }
  return metrics;
}

function addRatio(metrics: Record<string, number>, name: string, statistics: RatioStatistics): void {
  metrics[`${name}.low`] = statistics.interval.low;
  metrics[`${name}.high`] = statistics.interval.high;
  metrics[`${name}.probabilistic`] = statistics.probabilistic;
  metrics[`${name}.deflated`] = statistics.deflated;
  metrics[`${name}.min_track_record`] = statistics.minTrackRecord;
}
