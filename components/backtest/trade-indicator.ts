import type { Time } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Table } from '../core/table.ts';
import type { Metric, OrderIndicator, OrderMetricName } from './order-indicator.ts';
import { nanMean, nanSum } from './python-math.ts';

export type WeightMethod = 'mean' | 'amount_weighted' | 'value_weighted';

/** `indicator_config` of an executor. */
export interface IndicatorConfig {
  readonly show_indicator?: boolean;
  readonly pa_config?: {
    readonly agg?: string;
    readonly price?: string;
    readonly weight_method?: WeightMethod;
  };
  readonly ffr_config?: { readonly weight_method?: WeightMethod };
}

/** Figures of all orders of one step. */
export interface TradeIndicator {
  /** Share filled. */
  readonly ffr: number;
  /** Price advantage. */
  readonly pa: number;
  /** Share of orders with a price advantage. */
  readonly pos: number;
  readonly deal_amount: number;
  readonly value: number;
  readonly count: number;
}

const none: Metric = new Map();

/**
 * Sums up the orders of a step (qlib `Indicator.cal_trade_indicators`). NaN is left out of means and sums; a
 * mean of nothing is NaN.
 */
export function tradeIndicator(orders: OrderIndicator, config: IndicatorConfig = {}): TradeIndicator {
  const metric = (name: OrderMetricName) => orders.get(name) ?? none;
  const absolute = (name: OrderMetricName) => nanSum([...metric(name).values()].map(Math.abs));
  const pa = [...metric('pa').values()].filter((x) => !Number.isNaN(x));
  return {
    ffr: weightedMean(metric('ffr'), orders, config.ffr_config?.weight_method),
    pa: weightedMean(metric('pa'), orders, config.pa_config?.weight_method),
    pos: pa.filter((x) => x > 0).length / pa.length,
    deal_amount: absolute('deal_amount'),
    value: absolute('trade_value'),
    count: [...metric('amount').values()].filter((x) => !Number.isNaN(x)).length,
  };
}

function weightedMean(metric: Metric, orders: OrderIndicator, method: WeightMethod = 'mean'): number {
  if (method === 'mean') return nanMean(metric.values());
  const weightNames: Partial<Record<string, OrderMetricName>> = {
    amount_weighted: 'deal_amount',
    value_weighted: 'trade_value',
  };
  const name = weightNames[method];
  if (!name) {
    const near = nearest(method, ['mean', ...Object.keys(weightNames)]);
    throw new UserError(`unknown weight_method "${method}"`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}allowed: mean, amount_weighted, value_weighted`,
      path: ['indicator_config'],
    });
  }
  const weights = orders.get(name) ?? none;
  let total = 0;
  for (const [instrument, value] of metric) {
    const term = value * Math.abs(weights.get(instrument) ?? Number.NaN);
    if (!Number.isNaN(term)) total += term;
  }
  return total / nanSum([...weights.values()].map(Math.abs));
}

/** The trade indicators of one level of execution, step by step, and the figures of each order behind them. */
export class TradeIndicators {
  readonly #times: Time[] = [];
  readonly #rows: TradeIndicator[] = [];
  /** Figures by order, in order of time. */
  readonly orders = new Map<Time, OrderIndicator>();

  add(time: Time, orders: OrderIndicator, row: TradeIndicator): void {
    this.#times.push(time);
    this.#rows.push(row);
    this.orders.set(time, orders);
  }

  /** Figures of the orders of the step added last. */
  get lastOrders(): OrderIndicator | undefined {
    return this.orders.get(this.#times[this.#times.length - 1]!);
  }

  get rows(): readonly TradeIndicator[] {
    return this.#rows;
  }

  /** DataFrame by time with columns ffr, pa, pos, deal_amount, value, count. */
  table(): Table {
    const column = (label: keyof TradeIndicator) => ({
      label,
      dtype: 'float64' as const,
      values: Float64Array.from(this.#rows, (row) => row[label]),
    });
    const labels = ['ffr', 'pa', 'pos', 'deal_amount', 'value'] as const;
    const count = BigInt64Array.from(this.#rows, (row) => BigInt(row.count));
    return {
      kind: 'frame',
      index: [{ name: null, dtype: 'datetime64[ns]', values: Float64Array.from(this.#times), codes: null }],
      columns:
        this.#rows.length === 0
          ? []
          : [...labels.map(column), { label: 'count', dtype: 'int64', values: count }],
    };
  }
}
