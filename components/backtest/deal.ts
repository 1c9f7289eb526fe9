import type { LimitGuard, Room } from './declared-limits.ts';
import type { Exchange } from './exchange.ts';
import type { VolumeLimit } from './exchange-options.ts';
import { isSigned, marginRoom, spendableCash } from './margin.ts';
import type { Deal, Order, Refusal } from './order.ts';
import type { AnyPosition } from './position.ts';
import { isClose, pyMax, pyMin } from './python-math.ts';
import type { Bar } from './quotes.ts';

/** Shares dealt so far today, by instrument; what `cum` volume limits take off. */
export type Dealt = ReadonlyMap<string, number>;

const noneDealt: Dealt = new Map();

/**
 * Deals an order against a position, and changes both: qlib's `Exchange.deal_order`. Amounts are cut in this
 * order: volume limits; for selling, the holding, rounded to units unless all is sold, then nothing if cash
 * could not cover the cost; for buying, cash including cost, then units. Cost is max(value x rate, min_cost),
 * rate = open or close cost + impact_cost x (value / market value)^2 with the value before the later cuts; 0
 * when next to nothing was dealt.
 */
export function dealOrder(
  exchange: Exchange,
  order: Order,
  position: AnyPosition,
  dealt: Dealt = noneDealt,
  guard: LimitGuard | null = null,
): Deal {
  const { instrument, direction } = order;
  const bar = exchange.bar(order.start, order.end);
  if (!exchange.isTradable(instrument, bar, direction)) {
    order.dealAmount = 0;
    const refusal = exchange.isSuspended(instrument, bar) ? 'suspended' : 'limit';
    return { order, value: 0, cost: 0, price: Number.NaN, refusal };
  }
  if (!exchange.hasPrice(instrument, bar, direction)) {
    order.dealAmount = 0;
    return { order, value: 0, cost: 0, price: Number.NaN, refusal: 'price' };
  }
  const price = exchange.dealPrice(instrument, bar, direction);
  order.factor = exchange.factor(instrument, bar);
  order.dealAmount = order.amount;
  let refusal = clipByVolume(exchange, order, bar, dealt);
  const room = guard?.room(order, position, price);
  if (room && room.amount < order.dealAmount) {
    order.dealAmount = room.amount;
    refusal = room.refusal;
  }
  if (isSigned(position)) {
    const margin = marginRoom(position, order, price);
    if (margin < order.dealAmount) {
      order.dealAmount = margin;
      refusal = 'margin';
    }
  }

  const { options } = exchange;
  const marketValue = exchange.volume(instrument, bar) * price;
  const share = marketValue ? (order.dealAmount * price) / marketValue : 1;
  const impact = options.impactCost * (share * share);
  const rate = (direction === 'sell' ? options.closeCost : options.openCost) + impact;
  refusal =
    (direction === 'sell'
      ? clipSale(exchange, order, position, price, rate, options.strict || guard !== null)
      : clipPurchase(exchange, order, position, price, rate)) ?? refusal;
  if (room) refusal = holdToRoom(exchange, order, room) ?? refusal;

  if (options.strict && direction === 'buy' && !position.isInfinite)
    refusal = payable(exchange, order, cashFor(order, position, price), price, rate) ?? refusal;
  const value = order.dealAmount * price;
  const cost = value <= 1e-5 ? 0 : pyMax(value * rate, options.minCost);
  if (value > 1e-5) position.update(order, value, cost, price, options.strict);
  return { order, value, cost, price, refusal };
}

/** Takes off the unit with which rounding, that forgives a tenth of a share, went above a declared limit. */
function holdToRoom(exchange: Exchange, order: Order, room: Room): Refusal | null {
  const unit = exchange.unitAmount(order.factor);
  if (unit === undefined || order.dealAmount <= room.amount * (1 + 1e-12)) return null;
  order.dealAmount = pyMax(0, order.dealAmount - unit);
  return room.refusal;
}

/** Takes single units off a purchase, or what rounding of numbers added to it, until cash pays for it and its cost. */
function payable(
  exchange: Exchange,
  order: Order,
  cash: number,
  price: number,
  rate: number,
): Refusal | null {
  const { minCost } = exchange.options;
  const isShort = () => {
    const value = order.dealAmount * price;
    return value > 1e-5 && cash < value + pyMax(value * rate, minCost);
  };
  if (!isShort()) return null;
  const unit = exchange.unitAmount(order.factor);
  order.dealAmount = unit === undefined ? order.dealAmount * (1 - 1e-12) : pyMax(0, order.dealAmount - unit);
  if (isShort()) order.dealAmount = 0;
  return 'cash';
}

function clipByVolume(exchange: Exchange, order: Order, bar: Bar, dealt: Dealt): Refusal | null {
  const limits = order.direction === 'buy' ? exchange.options.buyVolume : exchange.options.sellVolume;
  if (!limits?.length) return null;
  const room = limits.map((limit) => volumeRoom(exchange, limit, order.instrument, bar, dealt)).reduce(pyMin);
  const asked = order.dealAmount;
  order.dealAmount = pyMax(pyMin(room, asked), 0);
  return order.dealAmount === asked ? null : 'volume';
}

function volumeRoom(
  exchange: Exchange,
  limit: VolumeLimit,
  instrument: string,
  bar: Bar,
  dealt: Dealt,
): number {
  const values = exchange.field(limit.expression);
  const { quotes } = exchange.market;
  if (limit.kind === 'current') return quotes.sum(values, instrument, bar);
  return quotes.last(values, instrument, bar) - (dealt.get(instrument) ?? 0);
}

function clipSale(
  exchange: Exchange,
  order: Order,
  position: AnyPosition,
  price: number,
  rate: number,
  isExact: boolean,
): Refusal | null {
  const held = position.has(order.instrument) ? position.amount(order.instrument) : 0;
  let refusal: Refusal | null = null;
  if (!isClose(order.dealAmount, held)) {
    const wanted = isSigned(position) ? order.dealAmount : pyMin(held, order.dealAmount);
    const rounded = exchange.roundToUnit(wanted, order.factor);
    if (wanted < order.dealAmount) refusal = 'holding';
    else if (rounded < wanted) refusal = 'unit';
    // rounding to units forgives a tenth of a share and may end above the holding, where qlib fails
    order.dealAmount = rounded - held > 1e-5 && !isSigned(position) ? wanted : rounded;
  } else if (isExact && order.dealAmount > held) {
    // qlib takes 1e-5 more than is held for all of it, and pays for that too; a cut for drift leaves such orders behind it
    order.dealAmount = held;
  }
  const value = order.dealAmount * price;
  if (position.cash() + value < pyMax(value * rate, exchange.options.minCost)) {
    order.dealAmount = 0;
    return 'cash';
  }
  return refusal;
}

function clipPurchase(
  exchange: Exchange,
  order: Order,
  position: AnyPosition,
  price: number,
  rate: number,
): Refusal | null {
  const { minCost } = exchange.options;
  const cash = cashFor(order, position, price);
  const asked = order.dealAmount;
  const value = asked * price;
  const cost = pyMax(value * rate, minCost);
  if (cash < cost) {
    order.dealAmount = 0;
    return 'cash';
  }
  const isShort = cash < value + cost;
  const affordable = isShort ? pyMin(affordableAmount(price, cash, rate, minCost), asked) : asked;
  const closesAll = isSigned(position) && isClose(affordable, -position.amount(order.instrument));
  order.dealAmount = closesAll ? affordable : exchange.roundToUnit(affordable, order.factor);
  if (isShort) return 'cash';
  return order.dealAmount < asked ? 'unit' : null;
}

function cashFor(order: Order, position: AnyPosition, price: number): number {
  return isSigned(position) ? spendableCash(position, order, price) : position.cash();
}

/** Adjusted shares that `cash` buys when cost is max(value x rate, minCost). */
export function affordableAmount(price: number, cash: number, rate: number, minCost: number): number {
  if (!(cash >= minCost)) return 0;
  const critical = minCost / rate + minCost;
  return cash >= critical ? cash / (1 + rate) / price : (cash - minCost) / price;
}
