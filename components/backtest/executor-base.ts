import type { Time } from '../core/dates.ts';
import { Account } from './account.ts';
import type { TradeDecision } from './decision.ts';
import type { Executor, Infrastructure } from './executor.ts';
import type { ExecutorOptions } from './executor-options.ts';
import type { Deal } from './order.ts';
import type { OrderIndicator } from './order-indicator.ts';
import { pythonFloat } from './python-float.ts';
import type { Level, Period, Strategy } from './strategy.ts';
import { TradeCalendar } from './trade-calendar.ts';
import { formatTimestamp } from './verbose.ts';

/** What one step of an executor gave. */
export interface StepResult {
  readonly deals: readonly Deal[];
  readonly orders: OrderIndicator;
}

/** What all executors do around a step: settlement, the account's books, the calendar. */
export abstract class ExecutorBase implements Executor {
  readonly timePerStep: string;
  #infrastructure: Infrastructure | undefined;
  #calendar: TradeCalendar | undefined;
  #account: Account | undefined;

  constructor(protected readonly options: ExecutorOptions) {
    this.timePerStep = options.time_per_step;
  }

  abstract universe(period: Period): Promise<ReadonlySet<string> | undefined>;
  abstract all(): readonly Executor[];
  protected abstract run(decision: TradeDecision, by: Strategy): StepResult | Promise<StepResult>;

  async open(infrastructure: Infrastructure): Promise<void> {
    const { calendars, account, benchmark } = infrastructure;
    this.#infrastructure = infrastructure;
    this.#calendar = new TradeCalendar(
      this.timePerStep,
      await calendars.get(this.timePerStep, ['time_per_step']),
    );
    const returns = this.options.generate_portfolio_metrics ? await benchmark(this.timePerStep) : undefined;
    this.#account = new Account(account, this.timePerStep, returns);
  }

  reset(start: Time, end: Time): void {
    this.calendar.reset(start, end);
  }

  get infrastructure(): Infrastructure {
    return opened(this.#infrastructure);
  }

  get calendar(): TradeCalendar {
    return opened(this.#calendar);
  }

  get account(): Account {
    return opened(this.#account);
  }

  get level(): Level {
    const { exchange, context, account } = this.infrastructure;
    return { calendar: this.calendar, exchange, context, position: account.position };
  }

  async execute(decision: TradeDecision, by: Strategy): Promise<readonly Deal[]> {
    const { account, calendar, options } = this;
    const { exchange, context } = this.infrastructure;
    const settle = options.settle_type ?? 'None';
    const { position } = account.shared;
    if (settle !== 'None') position.beginSettlement(settle);
    const { deals, orders } = await this.run(decision, by);
    const time = calendar.stepTime();
    account.closeStep(time, exchange, this.all().length === 1);
    const config = options.indicator_config ?? {};
    account.indicate(time, orders, config);
    if (config.show_indicator) {
      const { ffr, pa, pos } = account.indicators.rows[account.indicators.rows.length - 1]!;
      context.log.info(
        `[Indicator(${this.timePerStep}) ${formatTimestamp(time.start)}]: FFR: ${pythonFloat(ffr)}, PA: ${pythonFloat(pa)}, POS: ${pythonFloat(pos)}`,
      );
    }
    calendar.next();
    if (settle !== 'None') position.endSettlement();
    return deals;
  }
}

function opened<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an executor is used before it is opened');
  return value;
}
