import type { Context } from '../core/context.ts';
import type { Time } from '../core/dates.ts';
import type { Account, SharedAccount } from './account.ts';
import type { Benchmark } from './benchmark.ts';
import type { Calendars } from './calendars.ts';
import type { TradeDecision } from './decision.ts';
import type { LimitGuard } from './declared-limits.ts';
import type { Exchange } from './exchange.ts';
import type { Deal } from './order.ts';
import type { Level, Period, Strategy } from './strategy.ts';
import type { TradeCalendar } from './trade-calendar.ts';

/** What all levels of a backtest share. */
export interface Infrastructure {
  readonly context: Context;
  readonly calendars: Calendars;
  readonly exchange: Exchange;
  readonly account: SharedAccount;
  readonly benchmark: Benchmark;
  /** Holds deals to the declared limits; null where there are none. */
  readonly guard: LimitGuard | null;
  /** Every order that the innermost level dealt, in order. */
  readonly deals: DealRecord[];
}

/** A dealt order and the step it was dealt in. */
export interface DealRecord extends Deal {
  readonly time: Time;
}

/** Executes decisions, one a step: qlib's BaseExecutor. */
export interface Executor {
  readonly timePerStep: string;
  /**
   * Instruments that strategies inside may trade beyond those of the decisions they are given; undefined: any.
   */
  universe(period: Period): Promise<ReadonlySet<string> | undefined>;
  /** Called once, before anything else: takes the market and the account. */
  open(infrastructure: Infrastructure): Promise<void>;
  /** Begins anew with the steps in [start, end]. */
  reset(start: Time, end: Time): void;
  readonly calendar: TradeCalendar;
  readonly account: Account;
  /** What a strategy of this level sees. */
  readonly level: Level;
  /** Executes the decision and goes one step on. `by` is who decided. */
  execute(decision: TradeDecision, by: Strategy): Promise<readonly Deal[]>;
  /** This and the executors inside, outermost first. */
  all(): readonly Executor[];
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    executor: Executor;
  }
}
