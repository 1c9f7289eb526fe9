import type { DeclaredLimits } from './declared-limits.ts';
import type { Exchange } from './exchange.ts';
import { Order } from './order.ts';
import type { Position } from './position.ts';
import type { Bar } from './quotes.ts';

/** Above a limit by less than this share is rounding. */
const slack = 1e-9;

/**
 * Orders that bring holdings which prices have carried above a declared limit back to it, by the last closes known: first each instrument to
 * the position limit, then the instruments of a group, all by the same share, to the group limit. Whole trade units, rounded up, so that
 * the limit holds afterwards at the prices it was judged by.
 */
export function trimDrift(
  position: Position,
  { position: single, group, groups, trim }: DeclaredLimits,
  exchange: Exchange,
  bar: Bar,
): Order[] {
  const account = position.value();
  if (!trim || (single === null && group === null) || !(account > 0)) return [];
  const kept = new Map<string, number>();
  const total = new Map<string, number>();
  for (const [instrument, { amount, price }] of position.holdings) {
    const worth = Math.abs(amount) * price;
    if (!(worth > 0)) continue;
    const most = single === null ? worth : Math.min(worth, single * account);
    kept.set(instrument, most);
    const name = groups.get(instrument);
    if (name !== undefined) total.set(name, (total.get(name) ?? 0) + most);
  }
  const orders: Order[] = [];
  for (const [instrument, most] of kept) {
    const { amount, price } = position.holdings.get(instrument)!;
    const inGroup = total.get(groups.get(instrument) ?? '') ?? 0;
    const scale = group === null || inGroup <= group * account ? 1 : (group * account) / inGroup;
    const held = Math.abs(amount);
    const excess = held - (most * scale) / price;
    if (excess <= slack * held) continue;
    const unit = exchange.unitAmount(exchange.factor(instrument, bar));
    const shares = unit === undefined ? excess : Math.min(held, Math.ceil(excess / unit - slack) * unit);
    if (shares > 0)
      orders.push(new Order(instrument, shares, amount > 0 ? 'sell' : 'buy', bar.start, bar.end));
  }
  return orders;
}
