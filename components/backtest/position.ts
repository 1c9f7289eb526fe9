import type { Listing } from './listing.ts';
import type { Order } from './order.ts';
import { isClose } from './python-math.ts';

/** What is held of one instrument. */
export interface Holding {
  /** Adjusted shares; below 0 for what is sold short. */
  amount: number;
  /** Last close; NaN until it is known. */
  price: number;
  /** Share of the account's value at the end of the last step; undefined before the first. */
  weight: number | undefined;
  /** Steps held, by the frequency of the level that counts them: `{day: 3}`. */
  counts: Readonly<Record<string, number>>;
}

/** What orders are dealt against: a Position, or one without bounds. */
export interface AnyPosition {
  /** Nothing is to be tracked (infinite position). */
  readonly isInfinite: boolean;
  /** Terms of short selling; null where nothing may be sold that is not held. */
  readonly short: ShortTerms | null;
  has(instrument: string): boolean;
  amount(instrument: string): number;
  cash(): number;
  /** @param strict a sale whose cost is above its value takes the rest from the cash at once, whatever settles later */
  update(order: Order, value: number, cost: number, price: number, strict?: boolean): void;
  beginSettlement(kind: SettleType): void;
  endSettlement(): void;
}

/** Terms on which more may be sold than is held: pos_type SignedPosition. */
export interface ShortTerms {
  /** Fee a year for borrowed instruments, as a share of their value; charged by calendar day, 365 a year. */
  readonly borrowRate: number;
  /** Equity that opening anything needs, as a share of the value of all holdings, long and short. */
  readonly marginRatio: number;
  /** Below that share, holdings are reduced by force until `marginRatio` holds again. */
  readonly maintenanceRatio: number;
}

/** `cash`: the money of a step's sales can be used from the next step on. */
export type SettleType = 'None' | 'cash';

/** Cash and holdings: qlib's Position. */
export class Position implements AnyPosition {
  readonly isInfinite = false;
  readonly holdings: Map<string, Holding>;
  /** Instruments that the account began with and has not sold since. */
  readonly #first: Set<string>;
  #cash: number;
  #delayed: number | undefined;
  #settling: SettleType = 'None';
  /** Value of the account at the end of the last step. */
  accountValue: number | undefined;

  constructor(
    readonly initialCash: number,
    holdings: Iterable<readonly [string, Holding]> = [],
    readonly short: ShortTerms | null = null,
  ) {
    this.#cash = initialCash;
    this.holdings = new Map(holdings);
    this.#first = new Set(this.holdings.keys());
  }

  /** A copy that shares nothing. */
  clone(): Position {
    const copy = new Position(this.initialCash, [], this.short);
    for (const [name, h] of this.holdings) copy.holdings.set(name, { ...h });
    for (const name of this.#first) copy.#first.add(name);
    copy.#cash = this.#cash;
    copy.#delayed = this.#delayed;
    copy.#settling = this.#settling;
    copy.accountValue = this.accountValue;
    return copy;
  }

  has(instrument: string): boolean {
    return this.holdings.has(instrument);
  }

  /** Instruments held, as qlib lists them. */
  instruments(listing: Listing): string[] {
    const later = [...this.holdings.keys()].filter((name) => !this.#first.has(name));
    return listing([...this.#first], later);
  }

  amount(instrument: string): number {
    return this.holdings.get(instrument)?.amount ?? 0;
  }

  /** Cash that can be spent now. */
  cash(): number {
    return this.#cash;
  }

  /** Cash of sales in this step, not yet to be spent; undefined outside a step that settles later. */
  delayedCash(): number | undefined {
    return this.#delayed;
  }

  get settling(): SettleType {
    return this.#settling;
  }

  count(instrument: string, freq: string): number {
    return this.holdings.get(instrument)?.counts[freq] ?? 0;
  }

  /** Money in instruments at their last close. */
  stockValue(): number {
    let value = 0;
    for (const { amount, price } of this.holdings.values()) value += amount * price;
    return value;
  }

  /** Money in instruments at their last close, long and short added up. */
  grossValue(): number {
    let value = 0;
    for (const { amount, price } of this.holdings.values()) value += Math.abs(amount) * price;
    return value;
  }

  /** What buying back everything that is sold short would take at the last close. */
  shortValue(): number {
    let value = 0;
    for (const { amount, price } of this.holdings.values()) if (amount < 0) value -= amount * price;
    return value;
  }

  /** Takes a fee off the cash. */
  charge(fee: number): void {
    this.#cash -= fee;
  }

  /** Money in instruments and cash. */
  value(): number {
    return this.stockValue() + (this.#cash + (this.#delayed ?? 0));
  }

  /** Share of each instrument in the whole value, or in the instruments' value. */
  weights(onlyStock = false): Map<string, number> {
    const total = onlyStock ? this.stockValue() : this.value();
    const out = new Map<string, number>();
    for (const [name, { amount, price }] of this.holdings) out.set(name, (amount * price) / total);
    return out;
  }

  update(order: Order, value: number, cost: number, price: number, strict = false): void {
    const amount = value / price;
    if (this.short) {
      this.#move(order.instrument, order.sign * amount, price);
      if (order.direction === 'buy') this.#cash -= value + cost;
      else this.#earn(value, cost, strict);
      return;
    }
    const held = this.holdings.get(order.instrument);
    if (order.direction === 'buy') {
      if (held) held.amount += amount;
      else this.holdings.set(order.instrument, { amount, price, weight: 0, counts: {} });
      this.#cash -= value + cost;
      return;
    }
    if (!held) throw new Error(`${order.instrument} is sold but not held`);
    if (isClose(held.amount, amount)) this.#remove(order.instrument);
    else {
      held.amount -= amount;
      if (held.amount < -1e-5)
        throw new Error(`${order.instrument}: more sold than held, ${held.amount} left`);
    }
    this.#earn(value, cost, strict);
  }

  #remove(instrument: string): void {
    this.holdings.delete(instrument);
    this.#first.delete(instrument);
  }

  #earn(value: number, cost: number, strict: boolean): void {
    if (this.#settling === 'cash' && !(strict && value < cost))
      this.#delayed = (this.#delayed ?? 0) + (value - cost);
    else this.#cash += value - cost;
  }

  /** Adds signed shares; a holding that changes its side begins anew. */
  #move(instrument: string, amount: number, price: number): void {
    const held = this.holdings.get(instrument);
    const next = (held?.amount ?? 0) + amount;
    if (held && isClose(held.amount, -amount)) this.#remove(instrument);
    else if (held && held.amount > 0 === next > 0) held.amount = next;
    else this.holdings.set(instrument, { amount: next, price, weight: 0, counts: {} });
  }

  /** One more step held, at the level with that frequency. */
  countStep(freq: string): void {
    for (const held of this.holdings.values())
      held.counts = { ...held.counts, [freq]: (held.counts[freq] ?? 0) + 1 };
  }

  /** Sets the account's value and each weight. */
  updateWeights(): void {
    const total = (this.accountValue = this.value());
    for (const h of this.holdings.values()) h.weight = (h.amount * h.price) / total;
  }

  beginSettlement(kind: SettleType): void {
    if (this.#settling !== 'None') throw new Error('settlement can not be nested');
    this.#settling = kind;
    if (kind === 'cash') this.#delayed = 0;
  }

  endSettlement(): void {
    if (this.#settling === 'cash') {
      this.#cash += this.#delayed ?? 0;
      this.#delayed = undefined;
    }
    this.#settling = 'None';
  }
}
