import type { Time } from '../core/dates.ts';

export type Direction = 'buy' | 'sell';

/** Why an order, or a part of it, was not filled. */
export type Refusal =
  | 'suspended'
  | 'limit'
  | 'volume'
  | 'cash'
  | 'holding'
  | 'unit'
  /** Strict: there is no deal price. */
  | 'price'
  /** Signed positions: the margin does not suffice. */
  | 'margin'
  /** A declared limit of the backtest. */
  | 'position limit'
  | 'group limit'
  | 'holdings limit'
  | 'turnover limit'
  | 'stop loss';

/** What a strategy asks for. Amounts are adjusted shares, never negative. */
export class Order {
  /** What was filled; set by the exchange. */
  dealAmount = 0;
  /** Adjustment factor on the day, NaN where unknown; set by the exchange. */
  factor = Number.NaN;

  constructor(
    readonly instrument: string,
    readonly amount: number,
    readonly direction: Direction,
    /** Time of the step it belongs to, both ends included. */
    readonly start: Time,
    readonly end: Time,
  ) {}

  /** +1 for buying, -1 for selling. */
  get sign(): 1 | -1 {
    return this.direction === 'buy' ? 1 : -1;
  }
}

/** An order after the exchange has seen it. */
export interface Deal {
  readonly order: Order;
  /** Money moved, without cost. */
  readonly value: number;
  readonly cost: number;
  /** Price for an adjusted share; NaN when the order was refused outright. */
  readonly price: number;
  /** What cut the order last; null when it was filled as asked. */
  readonly refusal: Refusal | null;
}

/**
 * Python's reading of a direction: a number above 0 buys; `buy` and `sell` in any case. Undefined for anything
 * else.
 */
export function parseDirection(value: unknown): Direction | undefined {
  if (typeof value === 'number' && !Number.isNaN(value)) return value > 0 ? 'buy' : 'sell';
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (text === 'buy' || text === 'sell') return text;
  return text !== '' && Number.isFinite(Number(text)) ? parseDirection(Number(text)) : undefined;
}
