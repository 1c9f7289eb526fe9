import type { Context } from '../core/context.ts';
import type { Time } from '../core/dates.ts';
import type { TradeDecision } from './decision.ts';
import type { Exchange } from './exchange.ts';
import type { Deal } from './order.ts';
import type { AnyPosition } from './position.ts';
import type { TradeCalendar } from './trade-calendar.ts';

/** What a strategy sees of its level of execution. */
export interface Level {
  readonly calendar: TradeCalendar;
  readonly exchange: Exchange;
  readonly position: AnyPosition;
  readonly context: Context;
}

/** Times of a backtest. */
export interface Period {
  readonly start: Time;
  readonly end: Time;
}

/**
 * Decides what to trade, step by step: qlib's BaseStrategy. A user's own is an object like this.
 */
export interface Strategy {
  /**
   * Called once before the exchange loads quotes: the instruments that it may ever trade or ask about;
   * undefined: any. Loads what takes time.
   */
  prepare?(period: Period): Promise<ReadonlySet<string> | undefined>;
  /**
   * Called before the first step of its level, in a nested level once for every step of the level above, with
   * that level's decision.
   */
  reset(level: Level, outer: TradeDecision | null): void | Promise<void>;
  /** @param deals of the last step of this level; null in the first */
  decide(deals: readonly Deal[] | null): TradeDecision | Promise<TradeDecision>;
  /**
   * Most instruments that may be held whatever the levels below make of its decisions; undefined: any number.
   * @param strict whether the backtest is
   */
  mostHoldings?(strict: boolean): number | undefined;
  /** Called after each step of its level. */
  afterStep?(deals: readonly Deal[]): void;
  /** Called when all steps under one step of the level above are over. */
  afterOuterStep?(): void;
  /** Lets an outer strategy change its decision before each inner step; undefined: unchanged. */
  updateDecision?(decision: TradeDecision, inner: TradeCalendar): TradeDecision | undefined;
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    strategy: Strategy;
  }
}
