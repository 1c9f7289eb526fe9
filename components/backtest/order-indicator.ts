import type { Deal } from './order.ts';

/** A figure by instrument. */
export type Metric = ReadonlyMap<string, number>;

export type OrderMetricName =
  | 'amount'
  | 'inner_amount'
  | 'deal_amount'
  | 'trade_price'
  | 'trade_value'
  | 'trade_cost'
  | 'trade_dir'
  | 'pa'
  | 'ffr'
  | 'base_volume'
  | 'base_price';

/**
 * Figures of the orders of one step, by instrument: amounts (selling is negative) asked for and dealt, price,
 * value, cost, direction (1 buys, 0 sells), share filled `ffr`, price advantage `pa`, and the price and volume
 * to compare with. A later order of the same instrument takes the place of an earlier one.
 */
export type OrderIndicator = ReadonlyMap<OrderMetricName, Metric>;

/**
 * Figures of orders that an exchange dealt (qlib `Indicator.update_order_indicators`). Price advantage means
 * nothing here and is 0.
 */
export function dealtOrders(deals: readonly Deal[]): OrderIndicator {
  const by = (figure: (deal: Deal) => number): Metric =>
    new Map(deals.map((deal) => [deal.order.instrument, figure(deal)]));
  const amount = by(({ order }) => order.amount * order.sign);
  const dealAmount = by(({ order }) => order.dealAmount * order.sign);
  return new Map<OrderMetricName, Metric>([
    ['amount', amount],
    ['inner_amount', amount],
    ['deal_amount', dealAmount],
    ['trade_price', by(({ price }) => price)],
    ['trade_value', by(({ value, order }) => value * order.sign)],
    ['trade_cost', by(({ cost }) => cost)],
    ['trade_dir', by(({ order }) => (order.direction === 'buy' ? 1 : 0))],
    ['pa', by(() => 0)],
    ['ffr', fulfilRate(amount, dealAmount)],
  ]);
}

/** Dealt by asked for, 0 where nothing was dealt; NaN for 0 of 0. */
export function fulfilRate(amount: Metric, dealAmount: Metric): Metric {
  return mapMetric(amount, (asked, instrument) => (dealAmount.get(instrument) ?? 0) / asked);
}

/** A metric with the same instruments. */
export function mapMetric(metric: Metric, f: (value: number, instrument: string) => number): Metric {
  const out = new Map<string, number>();
  for (const [instrument, value] of metric) out.set(instrument, f(value, instrument));
  return out;
}
