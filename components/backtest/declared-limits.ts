import { dayMs } from '../core/dates.ts';
import type { Exchange } from './exchange.ts';
import type { Deal, Refusal } from './order.ts';
import { Order } from './order.ts';
import { type AnyPosition, Position } from './position.ts';
import type { Bar } from './quotes.ts';
import { trimDrift } from './trim-drift.ts';

/** `limits` of a backtest, read. */
export interface DeclaredLimits {
  /** Largest share of the account in one instrument, long or short. */
  readonly position: number | null;
  /** Largest share of the account in the instruments of one group. */
  readonly group: number | null;
  readonly groups: ReadonlyMap<string, string>;
  /** Most instruments held at once. */
  readonly holdings: number | null;
  /** Largest sum of trades a day, as a share of the account's value before the day's first trade. */
  readonly turnover: number | null;
  /** Loss since the purchase, as a share of the mean price paid, at which a holding is closed. */
  readonly stopLoss: number | null;
  /** Steps after a stop in which the instrument is not traded. */
  readonly cooldown: number;
  /** Whether holdings that prices have carried above a limit are cut back to it at the next step. */
  readonly trim: boolean;
}

/** How many shares an order may move, and which limit says so. */
export interface Room {
  readonly amount: number;
  readonly refusal: Refusal;
}

const tiny = 1e-12;

const noLimits: DeclaredLimits = {
  position: null,
  group: null,
  groups: new Map(),
  holdings: null,
  turnover: null,
  stopLoss: null,
  cooldown: 0,
  trim: false,
};

/**
 * Holds a backtest to its declared limits. They cut orders when these are dealt, at the deal price, so that they bind whatever strategy or level
 * of execution asks. What prices move above a limit afterwards is cut back at the begin of the next step (`trim: false`: it is left alone).
 * What brings a holding nearer to 0 is only bound by the turnover limit, orders of a stop loss by none.
 */
export class LimitGuard {
  /** Mean price paid, by instrument. */
  readonly #entry = new Map<string, number>();
  readonly #blockedUntil = new Map<string, number>();
  readonly #stops = new Set<Order>();
  #step = 0;
  #day = Number.NaN;
  #dayValue = 0;
  #traded = 0;

  constructor(readonly limits: DeclaredLimits) {}

  /** The limits of a backtest, with the most holdings that its strategy allows itself; null where nothing binds. */
  static of(limits: DeclaredLimits | null, mostHoldings = Number.POSITIVE_INFINITY): LimitGuard | null {
    const holdings = Math.min(limits?.holdings ?? Number.POSITIVE_INFINITY, mostHoldings);
    if (limits === null && holdings === Number.POSITIVE_INFINITY) return null;
    return new LimitGuard({
      ...(limits ?? noLimits),
      holdings: holdings === Number.POSITIVE_INFINITY ? null : holdings,
    });
  }

  /** Begins a step: gives the orders of the stop loss and those against drift, by the last prices known. */
  begin(position: AnyPosition, bar: Bar, exchange: Exchange): Order[] {
    this.#step++;
    this.#stops.clear();
    if (!(position instanceof Position)) return [];
    const day = Math.floor(bar.start / dayMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayValue = position.value();
      this.#traded = 0;
    }
    this.#stop(position, bar);
    const isStopped = (instrument: string) => (this.#blockedUntil.get(instrument) ?? -1) >= this.#step;
    const trims = trimDrift(position, this.limits, exchange, bar);
    return [...this.#stops, ...trims.filter(({ instrument }) => !isStopped(instrument))];
  }

  #stop(position: Position, bar: Bar): void {
    const { stopLoss, cooldown } = this.limits;
    if (stopLoss === null) return;
    for (const [instrument, { amount, price }] of position.holdings) {
      const entry = this.#entry.get(instrument);
      if (entry === undefined) this.#entry.set(instrument, price);
      else if (amount !== 0 && Math.sign(amount) * (price / entry - 1) <= -stopLoss) {
        this.#stops.add(
          new Order(instrument, Math.abs(amount), amount > 0 ? 'sell' : 'buy', bar.start, bar.end),
        );
        this.#blockedUntil.set(instrument, this.#step + cooldown);
      }
    }
  }

  /** What the limits leave of an order; undefined where they don't bind it. */
  room(order: Order, position: AnyPosition, price: number): Room | undefined {
    if (this.#stops.has(order) || !(position instanceof Position)) return undefined;
    if ((this.#blockedUntil.get(order.instrument) ?? -1) >= this.#step)
      return { amount: 0, refusal: 'stop loss' };
    let least: Room | undefined;
    for (const room of [
      this.#positionRoom(order, position, price),
      this.#groupRoom(order, position, price),
      this.#holdingsRoom(order, position),
      this.#turnoverRoom(price),
    ])
      if (room && room.amount < (least?.amount ?? Number.POSITIVE_INFINITY)) least = room;
    return least;
  }

  /** Takes note of a deal. */
  dealt({ order, value, price }: Deal, position: AnyPosition): void {
    if (!(value > 0)) return;
    this.#traded += value;
    const now = position.amount(order.instrument);
    const before = now - order.sign * order.dealAmount;
    if (!position.has(order.instrument)) this.#entry.delete(order.instrument);
    else if (Math.sign(before) !== Math.sign(now) || Math.abs(before) < tiny)
      this.#entry.set(order.instrument, price);
    else if (Math.abs(now) > Math.abs(before)) {
      const paid = (this.#entry.get(order.instrument) ?? price) * before + price * (now - before);
      this.#entry.set(order.instrument, paid / now);
    }
  }

  #positionRoom(order: Order, position: Position, price: number): Room | undefined {
    const { position: limit } = this.limits;
    return limit === null
      ? undefined
      : { amount: shares(limit * position.value(), order, position, price), refusal: 'position limit' };
  }

  #groupRoom(order: Order, position: Position, price: number): Room | undefined {
    const { group: limit, groups } = this.limits;
    const group = groups.get(order.instrument);
    if (limit === null || group === undefined) return undefined;
    let others = 0;
    for (const [instrument, held] of position.holdings)
      if (instrument !== order.instrument && groups.get(instrument) === group)
        others += Math.abs(held.amount) * held.price;
    return {
      amount: shares(limit * position.value() - others, order, position, price),
      refusal: 'group limit',
    };
  }

  #holdingsRoom({ instrument }: Order, position: Position): Room | undefined {
    const { holdings: limit } = this.limits;
    if (limit === null || position.has(instrument) || position.holdings.size < limit) return undefined;
    return { amount: 0, refusal: 'holdings limit' };
  }

  #turnoverRoom(price: number): Room | undefined {
    const { turnover } = this.limits;
    if (turnover === null) return undefined;
    return {
      amount: Math.max(0, turnover * this.#dayValue - this.#traded) / price,
      refusal: 'turnover limit',
    };
  }
}

/** Shares that may be moved until a holding is worth `money`; at least what brings it to 0. */
function shares(money: number, order: Order, position: Position, price: number): number {
  const held = position.amount(order.instrument);
  const closing = Math.max(0, -order.sign * held);
  return Math.max(closing, Math.max(0, money) / price - order.sign * held);
}
