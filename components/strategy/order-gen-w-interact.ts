import type { Exchange } from '../backtest/exchange.ts';
import type { Position } from '../backtest/position.ts';
import type { Bar } from '../backtest/quotes.ts';
import type { Definition } from '../core/registry.ts';
import type { OrderGenerator } from './order-generator.ts';
import { amountsByWeight, heldAmounts, ordersTo } from './target-orders.ts';

/**
 * Spreads the value of what can be traded, less the cash to keep and cost, by weight, at the prices of the step
 * itself: qlib's OrderGenWInteract. A held instrument without a price in the step counts at its last known one,
 * where qlib fails or loses the whole step to NaN.
 */
const generate: OrderGenerator = ({ position, exchange, weights, riskDegree, tradeTime }) => {
  if (!weights) return [];
  const bar = exchange.bar(tradeTime.start, tradeTime.end);
  const held = heldAmounts(position.holdings);
  const { openCost, closeCost } = exchange.options;
  const reserve = (1 - riskDegree) * (heldValue(position, exchange, bar, false) + position.cash());
  const free = heldValue(position, exchange, bar, true) + position.cash() - reserve;
  const target =
    free < 0
      ? new Map([...held].filter(([instrument]) => !exchange.isTradable(instrument, bar)))
      : amountsByWeight(weights, free / (1 + Math.max(closeCost, openCost)), exchange, bar);
  return ordersTo(target, held, exchange, bar);
};

function heldValue(position: Position, exchange: Exchange, bar: Bar, onlyTradable: boolean): number {
  let value = 0;
  for (const [instrument, { amount, price }] of position.holdings) {
    if (onlyTradable && !exchange.isTradable(instrument, bar)) continue;
    const known = exchange.isSuspended(instrument, bar) ? price : exchange.dealPrice(instrument, bar, 'sell');
    value += known * amount;
  }
  return value;
}

export const OrderGenWInteract: Definition<OrderGenerator> = {
  name: 'OrderGenWInteract',
  schema: { type: 'object', properties: {}, additionalProperties: false },
  create: () => generate,
};
