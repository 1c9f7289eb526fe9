import { dayMs } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import type { Definition } from '../core/registry.ts';
import { dealOrder } from './deal.ts';
import type { TradeDecision } from './decision.ts';
import type { Executor } from './executor.ts';
import { ExecutorBase, type StepResult } from './executor-base.ts';
import { type ExecutorOptions, executorProperties } from './executor-options.ts';
import { marginCall } from './margin.ts';
import type { Deal, Order } from './order.ts';
import { dealtOrders } from './order-indicator.ts';
import { describeDeal, formatTimestamp } from './verbose.ts';

export interface SimulatorExecutorOptions extends ExecutorOptions {
  /**
   * `serial`: orders in the strategy's order; `parallel`: purchases first, so that money of the step's sales
   * buys nothing.
   */
  readonly trade_type?: 'serial' | 'parallel';
}

/** Deals every order of a decision on the exchange within the step: qlib's SimulatorExecutor. */
class Simulator extends ExecutorBase {
  #dealtDay = Number.NaN;
  #dealt = new Map<string, number>();

  constructor(protected override readonly options: SimulatorExecutorOptions) {
    super(options);
  }

  async universe(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  all(): readonly Executor[] {
    return [this];
  }

  protected run(decision: TradeDecision): StepResult {
    const { account, options } = this;
    const { exchange, context, deals: records, guard } = this.infrastructure;
    const { start } = this.calendar.stepTime();
    const { position } = account.shared;
    const deals: Deal[] = [];
    for (const order of [...this.#forced(), ...this.#sorted(decision.orders)]) {
      this.#newDay(Math.floor(start / dayMs));
      const deal = dealOrder(exchange, order, position, this.#dealt, guard);
      guard?.dealt(deal, position);
      account.record(deal, exchange.options.strict || position.short !== null);
      deals.push(deal);
      records.push({ ...deal, time: start });
      this.#dealt.set(order.instrument, (this.#dealt.get(order.instrument) ?? 0) + order.dealAmount);
      if (options.verbose) context.log.info(describeDeal(start, deal, position.cash()));
    }
    return { deals, orders: dealtOrders(deals) };
  }

  /** Orders that no strategy asked for: a margin call's, then those of the stop loss and against drift. */
  #forced(): readonly Order[] {
    const { exchange, context, guard } = this.infrastructure;
    const { position } = this.account.shared;
    if (!guard && !position.short) return [];
    const { start, end } = this.calendar.stepTime();
    const bar = exchange.bar(start, end);
    const calls = marginCall(position, exchange, bar);
    if (calls.length > 0) context.log.warn(`margin call at ${formatTimestamp(start)}: holdings are reduced`);
    return [...calls, ...(guard?.begin(position, bar, exchange) ?? [])];
  }

  #sorted(orders: readonly Order[]): readonly Order[] {
    if (this.options.trade_type !== 'parallel') return orders;
    return [...orders.filter((o) => o.direction === 'buy'), ...orders.filter((o) => o.direction === 'sell')];
  }

  /** Volume limits of the `cum` kind count what was dealt within one day. */
  #newDay(day: number): void {
    if (day <= this.#dealtDay) return; // false at first: NaN
    this.#dealtDay = day;
    this.#dealt = new Map();
  }
}

export const SimulatorExecutor: Definition<Executor, SimulatorExecutorOptions> = {
  name: 'SimulatorExecutor',
  schema: {
    type: 'object',
    properties: { ...executorProperties, trade_type: { enum: ['serial', 'parallel'] } },
    required: ['time_per_step'],
    additionalProperties: false,
  },
  create(options) {
    checkChoice('settle_type', options.settle_type ?? 'None', ['None', 'cash']);
    checkChoice('trade_type', options.trade_type ?? 'serial', ['serial', 'parallel']);
    return new Simulator(options);
  },
};

function checkChoice(key: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new UserError(`${key} is "${value}"`, { hint: `allowed: ${allowed.join(', ')}`, path: [key] });
}
