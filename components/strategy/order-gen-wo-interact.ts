import type { Definition } from '../core/registry.ts';
import type { OrderGenerator } from './order-generator.ts';
import { heldAmounts, ordersTo } from './target-orders.ts';

/**
 * Target amounts at the close of the step before, or at the price in the position where that can't be had;
 * instruments neither held nor open in both steps are left out: qlib's OrderGenWOInteract. The first step of a
 * backtest has no quotes of the step before, so nothing is bought in it.
 */
const generate: OrderGenerator = ({ position, exchange, weights, riskDegree, predictionTime, tradeTime }) => {
  if (!weights) return [];
  const value = riskDegree * position.value();
  const target = new Map<string, number>();
  for (const [instrument, weight] of weights) {
    const isOpen =
      exchange.isTradable(instrument, exchange.bar(tradeTime.start, tradeTime.end)) &&
      exchange.isTradable(instrument, exchange.bar(predictionTime.start, predictionTime.end));
    const price = isOpen
      ? exchange.close(instrument, exchange.bar(predictionTime.start, predictionTime.end))
      : position.holdings.get(instrument)?.price;
    if (price !== undefined) target.set(instrument, (value * weight) / price);
  }
  return ordersTo(
    target,
    heldAmounts(position.holdings),
    exchange,
    exchange.bar(tradeTime.start, tradeTime.end),
  );
};

export const OrderGenWOInteract: Definition<OrderGenerator> = {
  name: 'OrderGenWOInteract',
  schema: { type: 'object', properties: {}, additionalProperties: false },
  create: () => generate,
};
