import type { PortfolioResult } from '../../components/backtest/run.ts';
import type { Table } from '../../components/core/table.ts';
import type { RecordContext } from '../record.ts';
import type { RunWork } from '../template/run-work.ts';
import { firstAmountsOf } from './data/holdings.ts';
import { ordersName, ordersOf } from './data/orders.ts';
import { portfolioOf } from './data/portfolio.ts';
import { loadRunFacts } from './data/run-facts.ts';
import { type BegunSurface, beginSurface } from './surface.ts';

const key = 'surface';
/** The artifacts that the surface is made of. */
const sources: readonly string[] = [
  ordersName,
  'portfolio_analysis/report_normal_1day.pkl',
  'portfolio_analysis/positions_normal_1day.pkl',
];

/** Begins the surface that the report will ask for, of a backtest that is not saved yet; undefined where there will be none. */
export async function earlySurface(
  { recorder, data, pool }: RecordContext,
  { report, positions }: PortfolioResult,
  orders: Table,
): Promise<BegunSurface | undefined> {
  const portfolio = portfolioOf('1day', report);
  if (!portfolio) return undefined;
  const { dealPrice } = await loadRunFacts(recorder, new Set(await recorder.listArtifacts()));
  const backtest = {
    portfolio,
    orders: ordersOf(orders),
    firstAmounts: firstAmountsOf(positions),
    dealPrice,
  };
  return beginSurface(data, backtest, pool.beside);
}

/** Keeps it for the report, as long as nobody writes what it is made of. */
export async function keepSurface(work: RunWork, begun: BegunSurface): Promise<void> {
  await work.keep(key, begun, sources);
}

/** What was kept. */
export async function keptSurface(work: RunWork | undefined): Promise<BegunSurface | undefined> {
  return (await work?.kept(key, sources)) as BegunSurface | undefined;
}
