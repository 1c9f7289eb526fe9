import { pyMin } from '../backtest/python-math.ts';
import type { Strategy } from '../backtest/strategy.ts';
import type { Definition } from '../core/registry.ts';
import {
  loadPriceSignal,
  type PriceSignal,
  type PriceSignalOptions,
  priceSignalProperties,
} from './price-signal.ts';
import { equalPart } from './sbb-ema.ts';
import { type Part, SplitStrategy } from './split-orders.ts';

export interface AcOptions extends PriceSignalOptions {
  /** Aversion to risk. */
  readonly lamb?: number;
  /** Price impact. */
  readonly eta?: number;
  /** Days from which volatility is estimated. */
  readonly window_size?: number;
}

/**
 * Deals an outer order along the optimal trajectory of Almgren and Chriss (Optimal execution of portfolio
 * transactions, 2000): with kappa = arccosh(lamb / eta x sigma^2 / 2 + 1) and T steps, step t deals (sinh(kappa
 * (T - t)) - sinh(kappa (T - t - 1))) / sinh(kappa T) of it. Without a volatility, equal parts. qlib's
 * ACStrategy.
 */
class AlmgrenChriss extends SplitStrategy {
  #volatility: PriceSignal = () => Number.NaN;

  constructor(readonly options: AcOptions) {
    super();
  }

  protected override async load(): Promise<void> {
    const n = this.options.window_size ?? 20;
    const change = 'Log($close/Ref($close, 1))';
    const expression = `Power(Sum(Power(${change}, 2), ${n})/${n - 1}-Power(Sum(${change}, ${n}), 2)/(${n}*${n - 1}), 0.5)`;
    const names = new Set(this.outer.orders.map((order) => order.instrument));
    this.#volatility = await loadPriceSignal(this.level, expression, this.options, names);
  }

  protected amount({ order, bar, remaining }: Part): number {
    const { calendar, exchange } = this.level;
    if (!exchange.isTradable(order.instrument, bar)) return 0;
    const left = calendar.length - calendar.step;
    const sigma = this.#volatility(order.instrument);
    let amount = Number.isNaN(sigma)
      ? equalPart(remaining, left, this.unitOf(order))
      : this.#trajectory(order.amount, sigma, left, calendar.length);
    if (!Number.isNaN(sigma)) {
      const { instrument, start, end } = order;
      amount = exchange.roundToUnit(amount, exchange.factor(instrument, exchange.bar(start, end)));
    }
    if (order.direction === 'sell' && remaining > 1e-5 && (amount < 1e-5 || left === 1)) amount = remaining;
    return pyMin(amount, remaining);
  }

  #trajectory(amount: number, sigma: number, left: number, steps: number): number {
    const { lamb = 1e-6, eta = 2.5e-6 } = this.options;
    const kappa = Math.acosh(((lamb / eta) * sigma * sigma) / 2 + 1);
    return amount * ((Math.sinh(kappa * left) - Math.sinh(kappa * (left - 1))) / Math.sinh(kappa * steps));
  }
}

export const ACStrategy: Definition<Strategy, AcOptions> = {
  name: 'ACStrategy',
  schema: {
    type: 'object',
    properties: {
      ...priceSignalProperties,
      lamb: { type: 'number', exclusiveMinimum: 0 },
      eta: { type: 'number', exclusiveMinimum: 0 },
      window_size: { type: 'integer', minimum: 2 },
    },
    additionalProperties: false,
  },
  create: (options) => new AlmgrenChriss(options),
};
