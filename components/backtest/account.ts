import { dayMs, type Time } from '../core/dates.ts';
import type { BenchmarkReturns } from './benchmark.ts';
import type { Exchange } from './exchange.ts';
import { borrowFee, isSigned } from './margin.ts';
import type { Deal } from './order.ts';
import type { OrderIndicator } from './order-indicator.ts';
import { PortfolioMetrics } from './portfolio-metrics.ts';
import { type AnyPosition, Position } from './position.ts';
import type { StepTime } from './trade-calendar.ts';
import { type IndicatorConfig, TradeIndicators, tradeIndicator } from './trade-indicator.ts';

/** What all levels of execution share: one position, one sum of turnover and cost. */
export interface SharedAccount {
  readonly initialCash: number;
  readonly position: AnyPosition;
  /** Money traded since the start. */
  turnover: number;
  /** Cost since the start. */
  cost: number;
}

/** The account as one level of execution sees it: its own report, positions and indicators (qlib's Account). */
export class Account {
  readonly indicators = new TradeIndicators();
  /** Positions at the end of each step, by the step's start. */
  readonly history = new Map<Time, Position>();
  readonly metrics: PortfolioMetrics | null;

  /** @param benchmark of this level's frequency; undefined where no portfolio metrics are wanted */
  constructor(
    readonly shared: SharedAccount,
    readonly freq: string,
    benchmark: BenchmarkReturns | null | undefined,
  ) {
    this.metrics =
      benchmark === undefined || shared.position.isInfinite ? null : new PortfolioMetrics(benchmark);
  }

  /**
   * Adds a deal to turnover and cost. Like qlib, only where this level makes portfolio metrics.
   * @param always strictly, whatever this level makes: a level above may
   */
  record({ value, cost }: Deal, always = false): void {
    if ((!this.metrics && !always) || value <= 1e-5 || Number.isNaN(value)) return;
    this.shared.turnover += value;
    this.shared.cost += cost;
  }

  /**
   * Prices of the step's end, fees for borrowed instruments, counts, report row, a copy of the position.
   * @param isInnermost the level that deals: it alone is charged fees
   */
  closeStep({ start, end }: StepTime, exchange: Exchange, isInnermost = true): void {
    const { position } = this.shared;
    if (!(position instanceof Position)) return;
    const bar = exchange.bar(start, end);
    for (const [instrument, holding] of position.holdings) {
      const close = exchange.close(instrument, bar);
      if (!Number.isNaN(close)) holding.price = close;
    }
    if (isInnermost && isSigned(position)) {
      const fee = borrowFee(position, (end + 1000 - start) / dayMs);
      position.charge(fee);
      this.shared.cost += fee;
    }
    position.countStep(this.freq);
    if (!this.metrics) return;
    this.#addRow(this.metrics, position, { start, end });
    position.updateWeights();
    this.history.set(start, position.clone());
  }

  #addRow(metrics: PortfolioMetrics, position: Position, { start, end }: StepTime): void {
    const { shared } = this;
    const before = metrics.last;
    const account = position.value();
    const last = before?.account ?? shared.initialCash;
    const cost = shared.cost - (before?.total_cost ?? 0);
    metrics.add(start, end, {
      account,
      return: (account - last + cost) / last,
      total_turnover: shared.turnover,
      turnover: (shared.turnover - (before?.total_turnover ?? 0)) / last,
      total_cost: shared.cost,
      cost: cost / last,
      value: position.stockValue(),
      cash: position.cash(),
    });
  }

  /** Keeps the step's order figures. */
  indicate({ start }: StepTime, orders: OrderIndicator, config: IndicatorConfig): void {
    this.indicators.add(start, orders, tradeIndicator(orders, config));
  }
}
