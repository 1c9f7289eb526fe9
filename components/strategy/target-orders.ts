import type { Exchange } from '../backtest/exchange.ts';
import { MersenneTwister } from '../backtest/mersenne-twister.ts';
import { Order } from '../backtest/order.ts';
import { floorDivide } from '../backtest/python-math.ts';
import type { Bar } from '../backtest/quotes.ts';
import { UserError } from '../core/errors.ts';

/** Adjusted shares by instrument. */
export type Amounts = ReadonlyMap<string, number>;

/**
 * Orders that lead from the amounts held to those wanted, sales first; nothing for what can't be traded in
 * either direction. Within each direction the order is that of Python's `random.seed(0); random.shuffle` of the
 * sorted names, and decides who gets the last cash (qlib `generate_order_for_target_amount_position`).
 */
export function ordersTo(target: Amounts, held: Amounts, exchange: Exchange, bar: Bar): Order[] {
  const names = new MersenneTwister(0).shuffled([...new Set([...held.keys(), ...target.keys()])].sort());
  const orders: Order[] = [];
  for (const instrument of names) {
    if (!exchange.isTradable(instrument, bar)) continue;
    const amount = change(target.get(instrument) ?? 0, held.get(instrument) ?? 0, exchange, instrument, bar);
    if (amount !== 0)
      orders.push(new Order(instrument, Math.abs(amount), amount > 0 ? 'buy' : 'sell', bar.start, bar.end));
  }
  return [...orders.filter((o) => o.direction === 'sell'), ...orders.filter((o) => o.direction === 'buy')];
}

/** Shares to buy (above 0) or sell, rounded to units unless all is sold. */
function change(target: number, held: number, exchange: Exchange, instrument: string, bar: Bar): number {
  if (held === target) return 0;
  const factor = exchange.factor(instrument, bar);
  if (held < target) return exchange.roundToUnit(target - held, factor);
  return target === 0 ? -held : -exchange.roundToUnit(held - target, factor);
}

/**
 * Amounts that a sum of money buys by weight, all of it spread over what can be traded: floor(cash x weight /
 * weight of all that can be traded / price) (qlib `generate_amount_position_from_weight_position`).
 * @throws UserError for weights outside [0, 1] or above 1 in all
 */
export function amountsByWeight(
  weights: ReadonlyMap<string, number>,
  cash: number,
  exchange: Exchange,
  bar: Bar,
): Map<string, number> {
  const open = [...weights].filter(([instrument]) => exchange.isTradable(instrument, bar));
  let total = 0;
  for (const [instrument, weight] of open) {
    if (weight < 0 || weight > 1)
      throw new UserError(`the target weight of ${instrument} is ${weight}`, {
        hint: 'weights lie in [0, 1]',
      });
    total += weight;
  }
  if (total - 1 >= 1e-5)
    throw new UserError(`the target weights add up to ${total}`, { hint: 'at most 1 is allowed' });
  const amounts = new Map<string, number>();
  for (const [instrument, weight] of open)
    if (weight > 0)
      amounts.set(
        instrument,
        floorDivide((cash * weight) / total, exchange.dealPrice(instrument, bar, 'buy')),
      );
  return amounts;
}

/** Amounts held, by instrument. */
export function heldAmounts(holdings: ReadonlyMap<string, { readonly amount: number }>): Map<string, number> {
  return new Map([...holdings].map(([instrument, { amount }]) => [instrument, amount]));
}
