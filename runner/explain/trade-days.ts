import { dayMs, type Time } from '../../components/core/dates.ts';
import type { Panel } from '../../components/core/panel.ts';
import { PyTimestamp } from '../../components/core/python.ts';
import { bookOf } from '../../records/report/data/holdings.ts';
import { artifactNames } from '../../records/report/data/load.ts';
import { loadOrders, type OrdersData } from '../../records/report/data/orders.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { HoldingInfo, OrderInfo, TradeDay } from './explanation.ts';
import { scoreInfo } from './score-info.ts';

/** What a backtest did with an instrument, by day; undefined where the run has none. */
export type TradeLog = (time: Time) => TradeDay | undefined;

type Book = NonNullable<ReturnType<typeof bookOf>>;

/** Reads the recorded positions and orders. A strategy sees the scores of the day before the one that it trades on. */
export async function openTradeLog(
  recorder: Recorder,
  instrument: string,
  pred: Panel | undefined,
): Promise<TradeLog | undefined> {
  const names = await artifactNames(recorder);
  const positions = [...names].filter((name) => /^portfolio_analysis\/positions_normal_\w+\.pkl$/.test(name));
  const file = positions.find((name) => name.endsWith('_1day.pkl')) ?? positions[0];
  const recorded = file === undefined ? undefined : await recorder.loadObject(file);
  if (!(recorded instanceof Map)) return undefined;
  const books = new Map<Time, Book>();
  for (const [time, position] of recorded) {
    const book = bookOf(position);
    if (time instanceof PyTimestamp && book) books.set(time.time, book);
  }
  const steps = [...books.keys()].sort((a, b) => a - b);
  const orders = await loadOrders(recorder, names);
  return (time) => {
    const at = steps.indexOf(time);
    if (at < 0) return undefined;
    const before = at > 0 ? steps[at - 1] : undefined;
    const cash = before === undefined ? undefined : books.get(before)?.cash;
    const seenOn = before ?? previousTime(pred, time);
    return {
      time,
      seen: pred && seenOn !== undefined ? scoreInfo(pred, instrument, seenOn) : undefined,
      before: before === undefined ? undefined : holdingOf(books.get(before)!, instrument, before),
      orders: orders ? ordersOf(orders, instrument, time, cash) : [],
      after: holdingOf(books.get(time)!, instrument, time),
    };
  };
}

function previousTime(pred: Panel | undefined, time: Time): Time | undefined {
  return pred && Array.from(pred.index.times).findLast((t) => t < time);
}

function holdingOf(book: Book, instrument: string, time: Time): HoldingInfo {
  const amount = book.amounts.get(instrument) ?? 0;
  const value = book.values.get(instrument) ?? 0;
  return {
    time,
    amount,
    price: amount > 0 ? value / amount : Number.NaN,
    weight: value / book.account,
    cash: book.cash,
    account: book.account,
  };
}

/** The instrument's orders of a day; cash is what all orders so far have left of it. */
function ordersOf(
  orders: OrdersData,
  instrument: string,
  time: Time,
  cashBefore: number | undefined,
): OrderInfo[] {
  const found: OrderInfo[] = [];
  let cash = cashBefore;
  for (let i = 0; i < orders.count; i++) {
    const at = orders.times[i]!;
    if (at < time || at >= time + dayMs) continue;
    const flow = (orders.isBuy[i] ? -orders.value[i]! : orders.value[i]!) - orders.fee[i]!;
    if (cash !== undefined && !Number.isNaN(flow)) cash += flow;
    if (orders.instruments[i] !== instrument) continue;
    found.push({
      time: at,
      direction: orders.isBuy[i] ? 'buy' : 'sell',
      asked: orders.asked[i]!,
      filled: orders.filled[i]!,
      price: orders.price[i]!,
      rawShares: orders.rawShares[i]!,
      value: orders.value[i]!,
      fee: orders.fee[i]!,
      reason: orders.reasons[i]!,
      cashAfter: cash,
    });
  }
  return found;
}
