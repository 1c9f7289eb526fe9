import type { Context } from '../core/context.ts';
import type { Time } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import type { Values } from '../core/panel.ts';
import type { ExchangeOptions } from './exchange-options.ts';
import { loadQuotes } from './load-quotes.ts';
import type { Direction } from './order.ts';
import { floorDivide } from './python-math.ts';
import type { Bar, Quotes } from './quotes.ts';

const strictlyForgiven = 1e-9;

/**
 * What the exchange answers from: quotes, flags by row, and whether amounts are adjusted shares that nothing
 * rounds.
 */
export interface Market {
  readonly quotes: Quotes;
  /** No trade in that direction: price limit or no close. By row of the quotes' panel. */
  readonly limited: Readonly<Record<Direction, Uint8Array>>;
  /** A factor is missing somewhere: qlib then gives up rounding to trade units everywhere. */
  readonly adjustedPrices: boolean;
  /** Instruments of the exchange whose quotes were not loaded, as no strategy named them before the start. */
  readonly leftOut?: ReadonlySet<string>;
}

/**
 * The market that orders are dealt on: qlib's Exchange (backtest/exchange.py). Answers are for a step's time:
 * see Quotes for how a time is looked up. An instrument without quotes counts as suspended. Where qlib has None
 * we have NaN.
 */
export class Exchange {
  readonly #close: Values;
  readonly #factor: Values;
  readonly #volume: Values;
  readonly #prices: Readonly<Record<Direction, Values>>;
  readonly #fields = new Map<string, Values>();
  /** How often the deal price was missing, so that the close stood in. */
  priceFallbacks = 0;

  constructor(
    readonly options: ExchangeOptions,
    readonly market: Market,
  ) {
    this.#close = this.field('$close');
    this.#factor = this.field('$factor');
    this.#volume = this.field('$volume');
    this.#prices = { buy: this.field(options.buyPrice), sell: this.field(options.sellPrice) };
  }

  /** Loads quotes for the instruments in `universe` that the exchange knows (all that it knows, if undefined). */
  static async load(
    context: Context,
    options: ExchangeOptions,
    universe: ReadonlySet<string> | undefined,
  ): Promise<Exchange> {
    return new Exchange(options, await loadQuotes(context, options, universe));
  }

  /** A step's time, looked up. */
  bar(start: Time, end: Time): Bar {
    return this.market.quotes.bar(start, end);
  }

  /** No close in the step: it can't be traded. */
  isSuspended(instrument: string, bar: Bar): boolean {
    if (!Number.isNaN(this.market.quotes.last(this.#close, instrument, bar))) return false;
    if (this.market.leftOut?.has(instrument))
      throw new UserError(`a strategy asks for ${instrument}, which its \`prepare\` did not name`, {
        hint: 'prepare() gives the instruments that the strategy may ever trade, or undefined for any',
        path: ['strategy'],
      });
    return true;
  }

  /** Every bar of the step is at the limit for that direction; without a direction, for either. */
  isLimited(instrument: string, bar: Bar, direction?: Direction): boolean {
    const { quotes, limited } = this.market;
    if (direction) return quotes.every(limited[direction], instrument, bar);
    return quotes.every(limited.buy, instrument, bar) || quotes.every(limited.sell, instrument, bar);
  }

  isTradable(instrument: string, bar: Bar, direction?: Direction): boolean {
    return !this.isSuspended(instrument, bar) && !this.isLimited(instrument, bar, direction);
  }

  /** Last close in the step. */
  close(instrument: string, bar: Bar): number {
    return this.market.quotes.last(this.#close, instrument, bar);
  }

  /** Volume of the step. */
  volume(instrument: string, bar: Bar): number {
    return this.market.quotes.sum(this.#volume, instrument, bar);
  }

  /** Price at which orders of the step are dealt; the close where the price is missing or not above 1e-8. */
  dealPrice(instrument: string, bar: Bar, direction: Direction): number {
    const price = this.market.quotes.last(this.#prices[direction], instrument, bar);
    if (price > 1e-8) return price;
    this.priceFallbacks++;
    return this.close(instrument, bar);
  }

  /** Whether there is a price to deal at: strictly that of the step itself. */
  hasPrice(instrument: string, bar: Bar, direction: Direction): boolean {
    return !this.options.strict || this.market.quotes.last(this.#prices[direction], instrument, bar) > 1e-8;
  }

  /** Deal prices and volumes of every bar in the step. */
  bars(instrument: string, bar: Bar, direction: Direction): { prices: number[]; volumes: number[] } {
    const rows = this.market.quotes.rows(instrument, bar);
    return {
      prices: rows.map((row) => this.#prices[direction][row]!),
      volumes: rows.map((row) => this.#volume[row]!),
    };
  }

  /** Adjustment factor: adjusted price = factor x raw price, raw shares = factor x adjusted shares. */
  factor(instrument: string, bar: Bar): number {
    return this.market.quotes.last(this.#factor, instrument, bar);
  }

  /** A loaded expression (prices, limits, volume limits, subscribed fields), by row. */
  field(expression: string): Values {
    let values = this.#fields.get(expression);
    if (!values) this.#fields.set(expression, (values = this.market.quotes.field(expression)));
    return values;
  }

  /** Adjusted shares that make one trade unit; undefined where nothing is rounded. */
  unitAmount(factor: number): number | undefined {
    const { tradeUnit } = this.options;
    return this.market.adjustedPrices || tradeUnit === null ? undefined : tradeUnit / factor;
  }

  /** Rounds adjusted shares down to whole units of raw shares; 0.1 share is forgiven, strictly only what rounding of numbers costs. */
  roundToUnit(amount: number, factor: number): number {
    const { tradeUnit, strict } = this.options;
    if (this.market.adjustedPrices || tradeUnit === null) return amount;
    const forgiven = strict ? strictlyForgiven * Math.max(1, Math.abs(amount * factor)) : 0.1;
    return (floorDivide(amount * factor + forgiven, tradeUnit) * tradeUnit) / factor;
  }
}
