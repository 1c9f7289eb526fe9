import { dayMs, lowerBound } from '../../components/core/dates.ts';
import { denseValues } from '../../components/core/panel.ts';
import type { TaskRunner } from '../../components/core/workers.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Fill, Surface, SurfaceInput } from '../../components/eval/cost-surface.ts';
import { costSurfaceOn } from '../../components/eval/on-threads.ts';
import { annualSteps } from '../../components/eval/risk.ts';
import type { OrdersData } from './data/orders.ts';
import type { PortfolioData } from './data/portfolio.ts';

const axes = { costs: [0, 0.5, 1, 2, 3, 5], delays: [0, 1, 2, 3, 5], capitals: [0, 0.1, 1, 10] } as const;

/** Days of data before the first one, for volatility and volume. */
const leadDays = 45;

/** A surface that may still be worked on. */
export interface BegunSurface {
  readonly surface: Promise<Surface>;
}

/** What the surface is made of. */
export interface RecordedBacktest {
  readonly portfolio: Omit<PortfolioData, 'holdings'>;
  readonly orders: OrdersData;
  /** Adjusted shares at the end of the first step. */
  readonly firstAmounts: ReadonlyMap<string, number>;
  /** Expression of the price at which delayed orders are dealt. */
  readonly dealPrice: string;
}

/**
 * The surface of Sharpe ratios over cost, delay and capital from the recorded orders of a daily backtest. Reads closes, volumes and deal prices
 * of the instruments that were traded or held; resolves when they are read.
 */
export async function beginSurface(
  data: DataProvider,
  backtest: RecordedBacktest,
  pool?: TaskRunner,
): Promise<BegunSurface> {
  const input = await surfaceInput(data, backtest);
  const surface = costSurfaceOn(pool, input, { ...axes, steps: annualSteps(backtest.portfolio.freq) });
  // whoever waits for it gets the error
  surface.catch(() => undefined);
  return { surface };
}

async function surfaceInput(
  data: DataProvider,
  { portfolio, orders, firstAmounts: held, dealPrice }: RecordedBacktest,
): Promise<SurfaceInput> {
  const { times: steps } = portfolio;
  const names = [...new Set([...orders.instruments, ...held.keys()])].sort();
  const fields = ['$close', '$volume', dealPrice].map((expression, i) => ({
    group: null,
    name: `f${i}`,
    expression,
  }));
  const panel = await data.features({
    instruments: names,
    fields,
    start: steps[0]! - leadDays * dayMs,
    end: steps[steps.length - 1]!,
  });
  const { index } = panel;
  const days = index.times.length;
  const placeOf = new Map(names.map((name, i) => [name, i]));
  const places = Int32Array.from(index.instruments, (name) => placeOf.get(name)!);
  const matrices = panel.columns.map((column) => {
    const values = denseValues(column);
    const out = new Float64Array(names.length * days).fill(Number.NaN);
    for (let t = 0; t < days; t++)
      for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
        out[places[index.codes[row]!]! * days + t] = values[row]!;
    return out;
  });
  const dayOf = (time: number) =>
    Math.min(days - 1, lowerBound(index.times, Math.floor(time / dayMs) * dayMs));
  const bench = new Float64Array(days).fill(Number.NaN);
  for (const [i, time] of steps.entries()) bench[dayOf(time)] = portfolio.bench[i]!;
  const fills = fillsOf(orders, placeOf, dayOf);
  return {
    days,
    first: dayOf(steps[0]!),
    instruments: names.length,
    fills,
    close: matrices[0]!,
    volume: matrices[1]!,
    dealPrice: matrices[2]!,
    held: heldBefore(names, held, fills, dayOf(steps[0]!)),
    account: portfolio.account[0]! / (1 + portfolio.net[0]!),
    bench,
  };
}

function fillsOf(
  orders: OrdersData,
  placeOf: ReadonlyMap<string, number>,
  dayOf: (time: number) => number,
): Fill[] {
  const fills: Fill[] = [];
  for (let i = 0; i < orders.count; i++) {
    if (!(orders.filled[i]! > 0)) continue;
    fills.push({
      day: dayOf(orders.times[i]!),
      instrument: placeOf.get(orders.instruments[i]!)!,
      shares: orders.isBuy[i] ? orders.filled[i]! : -orders.filled[i]!,
      price: orders.price[i]!,
      fee: orders.fee[i]!,
    });
  }
  return fills;
}

/** Shares at the end of the first day without what was dealt on it. */
function heldBefore(
  names: readonly string[],
  amounts: ReadonlyMap<string, number>,
  fills: readonly Fill[],
  first: number,
): Float64Array {
  const held = Float64Array.from(names, (name) => amounts.get(name) ?? 0);
  for (const { day, instrument, shares } of fills) if (day === first) held[instrument]! -= shares;
  // what is left of sums of the same amounts
  return held.map((x) => (Math.abs(x) < 1e-6 ? 0 : x));
}
