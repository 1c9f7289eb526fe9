import { formatTime } from '../../components/core/dates.ts';
import type { Explanation, HoldingInfo, OrderInfo, TradeDay } from './explanation.ts';
import { number, plain, scoreText } from './text-columns.ts';

const meanings: Readonly<Record<string, string>> = {
  suspended: 'suspended: it was not traded',
  limit: 'limit: its price was at the limit',
  volume: 'volume: more than the volume limit allows',
  cash: 'cash: there was not enough of it',
  holding: 'holding: more than was held',
  unit: 'unit: rounded down to whole trade units',
  price: 'price: there was no deal price',
  margin: 'margin: the equity allowed no more',
  'position limit': 'position limit: the largest share of one instrument',
  'group limit': 'group limit: the largest share of its group',
  'holdings limit': 'holdings limit: no place was free',
  'turnover limit': 'turnover limit: the largest sum of trades a day',
  'stop loss': 'stop loss: it waits after a stop',
};

/** What was held, what the strategy saw, and the orders that came of it on one day. */
export function tradeLines({ strategy }: Explanation, day: TradeDay): string[] {
  const { time, seen, before, orders, after } = day;
  const lines = [
    `trading on ${formatTime(time)}${strategy?.isNested ? ' (the outer strategy decides for several days)' : ', by the scores of the day before'}`,
  ];
  lines.push(`  score seen    ${seen ? scoreText(seen) : 'none'}`);
  if (strategy) lines.push(`  strategy      ${plain(strategy.name)}${limits(strategy.kwargs)}`);
  lines.push(`  held before   ${before ? holding(before) : 'nothing: the first day'}`);
  if (orders.length === 0) lines.push(`  order         none${noOrder(day, strategy)}`);
  for (const order of orders) lines.push(`  order         ${orderText(order)}`);
  lines.push(`  held after    ${after ? holding(after) : 'nothing'}`);
  if (after)
    lines.push(`  cash after    ${number(after.cash)} of ${number(after.account)} at the end of the day`);
  return lines;
}

function limits(kwargs: Readonly<Record<string, unknown>>): string {
  const shown = ['topk', 'n_drop', 'hold_thresh', 'only_tradable', 'risk_degree']
    .filter((key) => ['number', 'boolean'].includes(typeof kwargs[key]))
    .map((key) => `${key} ${String(kwargs[key])}`);
  return shown.length > 0 ? ` (${shown.join(', ')})` : '';
}

function holding({ amount, price, weight }: HoldingInfo): string {
  if (amount === 0 || Number.isNaN(amount)) return 'none of it';
  return `${amount < 0 ? 'short ' : ''}${number(Math.abs(amount))} adjusted shares at ${number(price)}, ${(weight * 100).toFixed(2)} % of the account`;
}

function orderText({
  direction,
  asked,
  filled,
  price,
  rawShares,
  value,
  fee,
  reason,
  cashAfter,
}: OrderInfo): string {
  const parts = [`${direction} ${number(asked)} adjusted shares`];
  if (filled > 0)
    parts.push(
      `filled ${number(filled)} (${number(rawShares)} as traded) at ${number(price)}: ${number(value)}, fee ${number(fee)}`,
    );
  else parts.push(asked > 0 ? 'not filled' : 'the money set aside for it buys no trade unit');
  if (reason !== null)
    parts.push(`${filled > 0 ? 'cut' : 'refused'} by ${meanings[reason] ?? plain(reason)}`);
  if (cashAfter !== undefined) parts.push(`cash then ${number(cashAfter)}`);
  return parts.join('; ');
}

/** Why a strategy of the topk kind left it alone, as far as its rank tells. */
function noOrder({ seen, before }: TradeDay, strategy: Explanation['strategy']): string {
  const topk = strategy?.kwargs['topk'];
  if (strategy?.isNested) return '';
  if (!seen) return ': it had no score';
  if (typeof topk !== 'number' || Number.isNaN(seen.rank)) return '';
  const isHeld = (before?.amount ?? 0) > 0;
  const isIn = seen.rank <= topk;
  if (isHeld)
    return isIn ? ': held, and its rank is within topk' : ': held, and not among those to be dropped';
  return isIn ? ': within topk, but the places were taken by what is held' : ': its rank is beyond topk';
}
