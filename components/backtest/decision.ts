import { dayMs, type Time } from '../core/dates.ts';
import type { Order } from './order.ts';
import type { StepTime, TradeCalendar } from './trade-calendar.ts';

/** Which steps of the inner level a decision may be executed in. */
export interface TradeRange {
  /** Indices into the inner calendar's steps, both ends included. */
  steps(inner: TradeCalendar): readonly [number, number];
  /** The part of a time that it allows. */
  clip(time: StepTime): StepTime;
}

/** A range by index of the inner step (qlib's IdxTradeRange). */
export function indexRange(first: number, last: number): TradeRange {
  return { steps: () => [first, last], clip: (time) => time };
}

/** A range by time of the day, in milliseconds after midnight, both ends included (qlib's TradeRangeByTime). */
export function timeOfDayRange(from: number, to: number): TradeRange {
  const dayOf = (time: Time) => Math.floor(time / dayMs) * dayMs;
  return {
    steps: (inner) => inner.range(dayOf(inner.startTime) + from, dayOf(inner.startTime) + to),
    clip: ({ start, end }) => ({
      start: Math.max(dayOf(start) + from, start),
      end: Math.min(dayOf(start) + to, end),
    }),
  };
}

/** What a strategy decides for one step: orders, and when they may be executed. qlib's TradeDecisionWO. */
export class TradeDecision {
  constructor(
    readonly orders: readonly Order[],
    readonly time: StepTime,
    public tradeRange: TradeRange | null = null,
  ) {}

  /** True where no order asks for anything. */
  get isEmpty(): boolean {
    return !this.orders.some((order) => order.amount > 1e-6);
  }

  /** Inner steps in which it may be executed, both ends included, cut to the steps there are. */
  stepRange(inner: TradeCalendar): readonly [number, number] {
    if (!this.tradeRange) return [0, inner.length - 1];
    const [first, last] = this.tradeRange.steps(inner);
    return [Math.max(0, first), Math.min(inner.length - 1, last)];
  }
}
