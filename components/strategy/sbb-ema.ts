import { floorDivide, pyMin } from '../backtest/python-math.ts';
import type { Strategy } from '../backtest/strategy.ts';
import type { Definition } from '../core/registry.ts';
import {
  loadPriceSignal,
  type PriceSignal,
  type PriceSignalOptions,
  priceSignalProperties,
} from './price-signal.ts';
import { type Part, quotient, SplitStrategy } from './split-orders.ts';

/** +1: prices are expected to rise, -1: to fall, 0: neither. */
type Trend = -1 | 0 | 1;

/**
 * Of every two steps picks the better one to deal in, by the sign of EMA(close, 10) - EMA(close, 20): before a
 * rise it buys in the first and sells in the second, before a fall the other way round, with two parts of the
 * order at once; without a trend it deals equal parts. qlib's SBBStrategyEMA.
 */
class SbbEma extends SplitStrategy {
  #signal: PriceSignal = () => Number.NaN;
  readonly #trends = new Map<string, Trend>();

  constructor(readonly options: PriceSignalOptions) {
    super();
  }

  protected override async load(): Promise<void> {
    this.#trends.clear();
    const names = new Set(this.outer.orders.map((order) => order.instrument));
    this.#signal = await loadPriceSignal(this.level, 'EMA($close, 10)-EMA($close, 20)', this.options, names);
  }

  protected amount({ order, bar, remaining }: Part): number {
    const { calendar, exchange } = this.level;
    const { instrument } = order;
    const isFirst = calendar.step % 2 === 0;
    const trend = isFirst ? this.#predict(instrument) : (this.#trends.get(instrument) ?? 0);
    if (isFirst) this.#trends.set(instrument, trend);
    if (!exchange.isTradable(instrument, bar)) return 0;
    const left = calendar.length - calendar.step;
    const unit = this.unitOf(order);
    let amount = trend === 0 ? equalPart(remaining, left, unit) : doublePart(remaining, left, unit);
    if (order.direction === 'sell' && remaining > 1e-5 && (amount < 1e-5 || left === 1)) amount = remaining;
    amount = pyMin(amount, remaining);
    const isTime = trend === 0 || (trend === order.sign) === isFirst;
    return isTime ? amount : 0;
  }

  #predict(instrument: string): Trend {
    const value = this.#signal(instrument);
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  }
}

/** One of `left` parts, whole units rounded up. */
export function equalPart(remaining: number, left: number, unit: number | undefined): number {
  if (unit === undefined) return remaining / left;
  return quotient(floorDivide(remaining, unit) + left - 1, left) * unit;
}

/** Two of `left + 1` parts. */
function doublePart(remaining: number, left: number, unit: number | undefined): number {
  if (unit === undefined) return (2 * remaining) / (left + 1);
  return quotient(floorDivide(remaining, unit) + left, left + 1) * 2 * unit;
}

export const SBBStrategyEMA: Definition<Strategy, PriceSignalOptions> = {
  name: 'SBBStrategyEMA',
  schema: { type: 'object', properties: priceSignalProperties, additionalProperties: false },
  create: (options) => new SbbEma(options),
};
