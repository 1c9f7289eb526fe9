import { TradeDecision } from '../backtest/decision.ts';
import { type Deal, Order } from '../backtest/order.ts';
import type { Bar } from '../backtest/quotes.ts';
import type { Level, Strategy } from '../backtest/strategy.ts';

/** Where an order that is being split stands. */
export interface Part {
  readonly order: Order;
  /** Time of the inner step. */
  readonly bar: Bar;
  /** Adjusted shares not yet dealt. */
  readonly remaining: number;
}

/** Executes the orders of an outer decision bit by bit: what TWAP, SBB and AC share. */
export abstract class SplitStrategy implements Strategy {
  #level: Level | undefined;
  #outer: TradeDecision | undefined;
  readonly #remaining = new Map<string, number>();

  /** Shares to ask for in this step. */
  protected abstract amount(part: Part): number;

  /** Learns what the coming steps need. */
  protected load(): void | Promise<void> {}

  protected get level(): Level {
    if (!this.#level) throw new Error('a strategy decides before it is reset');
    return this.#level;
  }

  protected get outer(): TradeDecision {
    if (!this.#outer) throw new Error('a strategy that splits orders needs the decision of a level above it');
    return this.#outer;
  }

  /** It trades what the level above trades. */
  async prepare(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  reset(level: Level, outer: TradeDecision | null): void | Promise<void> {
    this.#level = level;
    this.#outer = outer ?? undefined;
    this.#remaining.clear();
    for (const { instrument, amount } of outer?.orders ?? []) this.#remaining.set(instrument, amount);
    return this.load();
  }

  decide(deals: readonly Deal[] | null): TradeDecision {
    for (const { order } of deals ?? [])
      this.#remaining.set(order.instrument, (this.#remaining.get(order.instrument) ?? 0) - order.dealAmount);
    const { calendar, exchange } = this.level;
    const time = calendar.stepTime();
    const bar = exchange.bar(time.start, time.end);
    const orders: Order[] = [];
    for (const order of this.outer.orders) {
      const { instrument, direction } = order;
      const amount = this.amount({ order, bar, remaining: this.#remaining.get(instrument) ?? 0 });
      if (amount > 1e-5) orders.push(new Order(instrument, amount, direction, time.start, time.end));
    }
    return new TradeDecision(orders, time);
  }

  /**
   * Adjusted shares of one trade unit, by the factor of the outer order's time; undefined where nothing is
   * rounded.
   */
  protected unitOf({ instrument, start, end }: Order): number | undefined {
    const { exchange } = this.level;
    return exchange.unitAmount(exchange.factor(instrument, exchange.bar(start, end)));
  }
}

/** Whole quotient of whole numbers. */
export function quotient(a: number, b: number): number {
  return Math.floor(a / b);
}
