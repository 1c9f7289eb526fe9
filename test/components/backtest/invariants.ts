import { expect } from 'vitest';
import type { BacktestResult } from '../../../components/backtest/run.ts';
import type { Table } from '../../../components/core/table.ts';

const column = (table: Table, label: string) =>
  table.columns.find((c) => c.label === label)!.values as Float64Array;

/**
 * What holds for any backtest: cash and instruments make the account, costs and turnover are those of the
 * orders, nothing is sold short, and no cash is owed beyond the tenth of a share that qlib's rounding to units
 * forgives.
 */
export function checkInvariants({ portfolio, indicators, deals, strict }: BacktestResult): void {
  const innermost = [...indicators.keys()].at(-1);
  const total = (of: (deal: (typeof deals)[number]) => number) =>
    deals.reduce((sum, deal) => sum + (Number.isNaN(of(deal)) ? 0 : of(deal)), 0);
  const forgiven = 1e-6 + 0.11 * Math.max(0, ...deals.map(({ price, order }) => price / order.factor || 0));
  for (const { report, positions } of portfolio.values()) {
    const account = column(report, 'account');
    const cash = column(report, 'cash');
    const times = report.index[0]!.values as Float64Array;
    times.forEach((time, i) => {
      const position = positions.get(time)!;
      const stocks = [...position.holdings.values()].reduce((sum, h) => sum + h.amount * h.price, 0);
      const money = position.cash() + (position.delayedCash() ?? 0);
      expect(Math.abs(stocks + money - account[i]!)).toBeLessThanOrEqual(1e-9 * Math.abs(account[i]!));
      expect(cash[i]!).toBeGreaterThanOrEqual(-forgiven);
      for (const holding of position.holdings.values()) expect(holding.amount).toBeGreaterThan(-1e-5);
    });
    // like qlib, costs are only counted where the level that deals makes portfolio metrics
    if (times.length === 0 || !(strict || portfolio.has(innermost ?? ''))) continue;
    const last = times.length - 1;
    const close = (ours: number, theirs: number) =>
      expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-9 * Math.abs(theirs) + 1e-6);
    close(
      column(report, 'total_cost')[last]!,
      total((deal) => deal.cost),
    );
    close(
      column(report, 'total_turnover')[last]!,
      total((deal) => deal.value),
    );
  }
  for (const { refusal, order, value, cost } of deals) {
    if (refusal === 'suspended' || refusal === 'limit')
      expect([order.dealAmount, value, cost]).toEqual([0, 0, 0]);
    if (!Number.isNaN(order.dealAmount))
      expect(order.dealAmount).toBeLessThanOrEqual(order.amount * (1 + 1e-5) + 1);
  }
}
