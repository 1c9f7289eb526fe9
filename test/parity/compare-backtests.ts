import type { Position } from '../../components/backtest/position.ts';
import type { BacktestResult } from '../../components/backtest/run.ts';
import { formatTime, parseTime, type Time } from '../../components/core/dates.ts';
import type { Table } from '../../components/core/table.ts';

type Cell = number | string | null;
interface Columns {
  readonly index: readonly string[];
  readonly [name: string]: readonly Cell[];
}
type Holdings = Readonly<Record<string, number | null | Readonly<Record<string, number | null>>>>;

/** What real qlib gave for a case. Orders: time, instrument, side, amount, dealt, price, value, cost, factor. */
export interface PeerRun {
  readonly orders: readonly (readonly Cell[])[];
  readonly report: Readonly<Record<string, Columns>>;
  readonly indicators: Readonly<Record<string, Columns>>;
  readonly positions: Readonly<Record<string, Readonly<Record<string, Holdings>>>>;
}

const relative = 1e-6;

/**
 * The first difference above 1e-6 relative between a run of ours and qlib's; undefined where there is none. Compared is what lies before
 * the step in which qlib's account becomes NaN, if it does: OrderGenWInteract loses itself where a held instrument is suspended.
 */
export function compareRun(ours: BacktestResult, given: PeerRun): string | undefined {
  const withoutAmount = given.orders.find(([, , , amount]) => amount === null);
  const lost = Math.min(
    ...Object.values(given.report).map(timeLost),
    withoutAmount ? parseTime(String(withoutAmount[0]))! : Number.POSITIVE_INFINITY,
  );
  const theirs = { ...given, orders: given.orders.filter(([time]) => parseTime(String(time))! < lost) };
  return (
    compareOrders(
      ours.deals.filter(({ time }) => time < lost),
      theirs,
    ) ??
    compareTables(
      'report',
      new Map([...ours.portfolio].map(([k, v]) => [k, v.report])),
      theirs.report,
      lost,
    ) ??
    comparePositions(ours, theirs, lost) ??
    compareTables(
      'indicators',
      new Map([...ours.indicators].map(([k, v]) => [k, v.table])),
      theirs.indicators,
      lost,
      // an advantage that is rounding alone is above or below 0 by chance
      (freq, step) => {
        const orders = [...ours.indicators.get(freq)!.object.orders.values()][step]!;
        return [...(orders.get('pa')?.values() ?? [])].some((pa) => pa !== 0 && Math.abs(pa) < 1e-12);
      },
    )
  );
}

/** Weights of every day to 1e-4, all that two solvers promise. */
export function compareWeights(ours: BacktestResult, theirs: PeerRun): string | undefined {
  for (const [freq, { positions }] of ours.portfolio)
    for (const [time, holdings] of Object.entries(theirs.positions[freq] ?? {})) {
      const own = positions.get(parseTime(time)!)!.holdings;
      const weightOf = (name: string) => {
        const held = holdings[name];
        return typeof held === 'object' && held !== null ? Number(held['weight'] ?? 0) : 0;
      };
      for (const name of new Set([...own.keys(), ...Object.keys(holdings)])) {
        const weight = own.get(name)?.weight ?? 0;
        if (!(Math.abs(weight - weightOf(name)) <= 1e-4))
          return `weight of ${name} on ${day(time)}: ${weight}, qlib has ${weightOf(name)}`;
      }
    }
  return undefined;
}

const money = new Set([
  'account',
  'total_turnover',
  'total_cost',
  'value',
  'cash',
  'cost',
  'amount',
  'dealt',
  'deal_amount',
]);

/** Nearly nothing is nothing: money and shares below a millionth, rates below 1e-12. */
function isClose(a: number, b: number, what: string): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= relative * Math.abs(b) + (money.has(what) ? 1e-6 : 1e-12);
}

const number = (cell: Cell | undefined) =>
  cell === null || cell === undefined
    ? Number.NaN
    : Math.abs(Number(cell)) >= 1e308
      ? Number(cell) * 10
      : Number(cell);
const sorted = (keys: Iterable<string>) => [...keys].sort().join(' ');
const day = (text: string) => text.replace(/ 00:00:00$/, '');

function compareTables(
  what: string,
  ours: ReadonlyMap<string, Table>,
  theirs: PeerRun['report'],
  lost: Time,
  withoutAdvantage?: (freq: string, step: number) => boolean,
): string | undefined {
  if (sorted(ours.keys()) !== sorted(Object.keys(theirs)))
    return `${what}: levels ${sorted(ours.keys())}, qlib has ${sorted(Object.keys(theirs))}`;
  for (const [freq, table] of ours) {
    const peer = theirs[freq]!;
    const times = Array.from(table.index[0]!.values as Float64Array, formatTime);
    if (times.join() !== peer.index.map(day).join())
      return `${what} ${freq}: steps ${times.length} (${times[0]}..), qlib has ${peer.index.length} (${peer.index[0]}..)`;
    for (const [name, cells] of Object.entries(peer)) {
      if (name === 'index') continue;
      const column = table.columns.find((c) => c.label === name);
      if (!column) return `${what} ${freq}: no column ${name}`;
      for (const [i, cell] of cells.entries())
        if (
          parseTime(peer.index[i]!)! < lost &&
          !(name === 'pos' && withoutAdvantage?.(freq, i)) &&
          !isClose(Number(column.values[i]), number(cell), name)
        )
          return `${what} ${freq} ${times[i]} ${name}: ${column.values[i]}, qlib has ${cell}`;
    }
  }
  return undefined;
}

/** The first time at which the account is NaN; Infinity where it never is. */
function timeLost({ index, account = [] }: Columns): Time {
  const at = account.indexOf(null);
  return at < 0 ? Number.POSITIVE_INFINITY : parseTime(index[at]!)!;
}

function comparePositions(ours: BacktestResult, theirs: PeerRun, lost: Time): string | undefined {
  for (const [freq, { positions }] of ours.portfolio)
    for (const [time, holdings] of Object.entries(theirs.positions[freq] ?? {})) {
      if (parseTime(time)! >= lost) continue;
      const position = positions.get(parseTime(time)!);
      const problem = position ? comparePosition(position, holdings) : 'none';
      if (problem) return `position ${freq} ${day(time)}: ${problem}`;
    }
  return undefined;
}

function comparePosition(position: Position, theirs: Holdings): string | undefined {
  const held = Object.entries(theirs).filter(([, v]) => typeof v === 'object' && v !== null);
  if (sorted(position.holdings.keys()) !== sorted(held.map(([k]) => k)))
    return `holds ${sorted(position.holdings.keys())}, qlib ${sorted(held.map(([k]) => k))}`;
  if (!isClose(position.cash(), Number(theirs['cash']), 'cash'))
    return `cash ${position.cash()}, qlib ${theirs['cash']}`;
  for (const [name, figures] of held)
    for (const [key, value] of Object.entries(figures as Record<string, number>)) {
      const own = position.holdings.get(name)!;
      const mine = key.startsWith('count_')
        ? own.counts[key.slice(6)]
        : own[key as 'amount' | 'price' | 'weight'];
      if (!isClose(Number(mine ?? Number.NaN), number(value), key))
        return `${name} ${key} ${mine}, qlib ${value}`;
    }
  return undefined;
}

function compareOrders(deals: BacktestResult['deals'], { orders }: PeerRun): string | undefined {
  // sales come in no fixed order within a step
  const key = (time: string, side: string, instrument: string, k: number) =>
    `${time} ${side} ${instrument} ${k}`;
  const seen = new Map<string, number>();
  const count = (k: string) => {
    const n = seen.get(k) ?? 0;
    seen.set(k, n + 1);
    return n;
  };
  const mine = new Map(
    deals.map((deal) => {
      const [time, side] = [formatTime(deal.time), deal.order.direction.toUpperCase()];
      return [key(time, side, deal.order.instrument, count(`${time}${side}${deal.order.instrument}`)), deal];
    }),
  );
  seen.clear();
  for (const [time, instrument, side, amount, dealt, price, value, cost, factor] of orders) {
    const label = key(
      day(String(time)),
      String(side),
      String(instrument),
      count(`${time}${side}${instrument}`),
    );
    const deal = mine.get(label);
    if (!deal) return `no order ${label} of ${amount}`;
    mine.delete(label);
    const figures = {
      amount: [deal.order.amount, amount],
      dealt: [deal.order.dealAmount, dealt],
      price: [deal.price, price],
      value: [deal.value, value],
      cost: [deal.cost, cost],
      factor: [deal.order.factor, factor],
    } as const;
    for (const [name, [own, theirs]] of Object.entries(figures))
      if (!isClose(own, number(theirs), name)) return `order ${label} ${name}: ${own}, qlib has ${theirs}`;
  }
  const [extra] = mine.keys();
  return extra === undefined ? undefined : `order ${extra}, which qlib has not`;
}
