import type { Exchange } from './exchange.ts';
import { Order } from './order.ts';
import type { AnyPosition, Position, ShortTerms } from './position.ts';
import type { Bar } from './quotes.ts';

/** A position that may hold less than nothing. */
export function isSigned(position: AnyPosition): position is Position & { readonly short: ShortTerms } {
  return position.short !== null;
}

/**
 * Shares that an order may move before the margin is used up: equity >= marginRatio x (value of all holdings, long and short) has to hold
 * afterwards. What brings a holding nearer to 0 is always allowed.
 * @param price of the deal; other holdings count at their last close
 */
export function marginRoom(
  position: Position & { readonly short: ShortTerms },
  order: Order,
  price: number,
): number {
  const held = position.amount(order.instrument);
  const closing = Math.max(0, -order.sign * held);
  const known = position.holdings.get(order.instrument)?.price ?? price;
  const others = position.grossValue() - Math.abs(held) * known;
  const left = Math.abs(held + order.sign * Math.min(closing, order.amount)) * price;
  const equity = position.value() + held * (price - known);
  return closing + Math.max(0, equity / position.short.marginRatio - others - left) / price;
}

/**
 * Cash that a purchase may spend. Money equal to the value of what is sold short stays as security and only buys that back.
 */
export function spendableCash(position: Position, order: Order, price: number): number {
  const held = position.amount(order.instrument);
  const covered = Math.min(Math.max(0, -held), order.dealAmount);
  if (covered >= order.dealAmount) return position.cash();
  const known = position.holdings.get(order.instrument)?.price ?? price;
  const security = position.shortValue() - Math.max(0, -held) * known;
  return Math.max(Math.min(position.cash(), covered * price), position.cash() - security);
}

/** Fee for the instruments sold short, at their last close, over some days. */
export function borrowFee(position: Position & { readonly short: ShortTerms }, days: number): number {
  return (position.shortValue() * position.short.borrowRate * days) / 365;
}

/**
 * Orders that bring an account back to its margin where equity has fallen below maintenanceRatio x the value of all holdings: every holding
 * is reduced by the same share, all of it where no equity is left. Empty where the margin holds.
 */
export function marginCall(position: AnyPosition, exchange: Exchange, bar: Bar): Order[] {
  if (!isSigned(position)) return [];
  const gross = position.grossValue();
  const equity = position.value();
  const { marginRatio, maintenanceRatio } = position.short;
  if (position.shortValue() === 0 || equity >= maintenanceRatio * gross) return [];
  const share = Math.min(1, Math.max(0, 1 - equity / marginRatio / gross));
  const orders: Order[] = [];
  for (const [instrument, { amount }] of position.holdings) {
    const part =
      share === 1
        ? Math.abs(amount)
        : exchange.roundToUnit(Math.abs(amount) * share, exchange.factor(instrument, bar));
    if (part > 0) orders.push(new Order(instrument, part, amount > 0 ? 'sell' : 'buy', bar.start, bar.end));
  }
  return [...orders.filter((o) => o.direction === 'sell'), ...orders.filter((o) => o.direction === 'buy')];
}
