import type { TradeDecision } from './decision.ts';
import type { Exchange } from './exchange.ts';
import type { Direction } from './order.ts';
import {
  fulfilRate,
  type Metric,
  mapMetric,
  type OrderIndicator,
  type OrderMetricName,
} from './order-indicator.ts';
import type { StepTime } from './trade-calendar.ts';
import type { IndicatorConfig } from './trade-indicator.ts';

/** An inner step: what was decided in it, when, and the figures of its orders. */
export interface InnerStep {
  readonly decision: TradeDecision;
  readonly time: StepTime;
  readonly orders: OrderIndicator;
}

const none: Metric = new Map();

/**
 * Figures of a step's orders from those of the inner steps (qlib `Indicator.agg_order_indicators`): sums of
 * amounts, values and costs; trade_price is the mean by amount dealt; ffr compares with what the outer decision
 * asked for; pa = trade_price / base_price - 1 for selling, its negative for buying, with the base price the
 * mean deal price of all bars (`twap`) or that weighted by volume (`vwap`).
 */
export function gatherOrders(
  outer: TradeDecision,
  steps: readonly InnerStep[],
  exchange: Exchange,
  config: IndicatorConfig['pa_config'] = {},
): OrderIndicator {
  const instruments = [
    ...new Set(steps.flatMap(({ orders }) => [...(orders.get('inner_amount') ?? none).keys()])),
  ].sort();
  const sum = (figure: (orders: OrderIndicator, instrument: string) => number): Metric =>
    new Map(
      instruments.map((instrument) => {
        let total = 0;
        for (const { orders } of steps) {
          const value = figure(orders, instrument);
          if (!Number.isNaN(value)) total += value;
        }
        return [instrument, total];
      }),
    );
  const of = (name: OrderMetricName) =>
    sum((orders, instrument) => orders.get(name)?.get(instrument) ?? Number.NaN);
  const dealAmount = of('deal_amount');
  const paid = sum(
    (orders, i) =>
      (orders.get('deal_amount')?.get(i) ?? Number.NaN) * (orders.get('trade_price')?.get(i) ?? Number.NaN),
  );
  const tradePrice = mapMetric(paid, (value, i) =>
    dealAmount.get(i) === 0 ? Number.NaN : value / dealAmount.get(i)!,
  );
  const tradeDir = mapMetric(of('trade_dir'), (dir) => (dir > 0 ? 1 : 0));
  const amount: Metric = new Map(outer.orders.map((order) => [order.instrument, order.amount * order.sign]));
  const base = basePrices(tradeDir, steps, exchange, config);
  return new Map<OrderMetricName, Metric>([
    ['inner_amount', of('inner_amount')],
    ['deal_amount', dealAmount],
    ['trade_price', tradePrice],
    ['trade_value', of('trade_value')],
    ['trade_cost', of('trade_cost')],
    ['trade_dir', tradeDir],
    ['amount', amount],
    ['ffr', fulfilRate(amount, dealAmount)],
    // qlib looks for base prices where there was an order
    ...(tradeDir.size > 0
      ? ([
          ['base_volume', base.volume],
          ['base_price', base.price],
        ] as const)
      : []),
    [
      'pa',
      mapMetric(
        tradeDir,
        (dir, i) => (1 - 2 * dir) * (tradePrice.get(i)! / (base.price.get(i) ?? Number.NaN) - 1),
      ),
    ],
  ]);
}

function basePrices(
  tradeDir: Metric,
  steps: readonly InnerStep[],
  exchange: Exchange,
  config: NonNullable<IndicatorConfig['pa_config']>,
): { price: Metric; volume: Metric } {
  const price = new Map<string, number>();
  const volume = new Map<string, number>();
  for (const [instrument, dir] of tradeDir) {
    let money = 0;
    let shares = 0;
    let seen = false;
    for (const step of steps) {
      const inner =
        innerBase(step, instrument) ??
        marketBase(step, instrument, dir > 0 ? 'buy' : 'sell', exchange, config);
      if (!inner) continue;
      seen = true;
      const part = inner.price * inner.volume;
      if (!Number.isNaN(part)) money += part;
      if (!Number.isNaN(inner.volume)) shares += inner.volume;
    }
    if (!seen) continue;
    volume.set(instrument, shares);
    price.set(instrument, money / shares);
  }
  return { price, volume };
}

interface Base {
  readonly price: number;
  readonly volume: number;
}

function innerBase({ orders }: InnerStep, instrument: string): Base | undefined {
  const price = orders.get('base_price')?.get(instrument) ?? Number.NaN;
  if (Number.isNaN(price)) return undefined;
  return { price, volume: orders.get('base_volume')?.get(instrument) ?? Number.NaN };
}

function marketBase(
  { decision, time }: InnerStep,
  instrument: string,
  direction: Direction,
  exchange: Exchange,
  { agg = 'twap' }: NonNullable<IndicatorConfig['pa_config']>,
): Base | undefined {
  const { start, end } = decision.tradeRange ? decision.tradeRange.clip(time) : time;
  const { prices, volumes } = exchange.bars(instrument, exchange.bar(start, end), direction);
  let money = 0;
  let shares = 0;
  let count = 0;
  prices.forEach((price, i) => {
    if (!(price > 1e-8)) return;
    count++;
    const weight = agg.toLowerCase() === 'vwap' ? volumes[i]! : 1;
    if (Number.isNaN(weight)) return;
    money += price * weight;
    shares += weight;
  });
  return count > 0 ? { price: money / shares, volume: shares } : undefined;
}
