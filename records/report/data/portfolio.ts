import type { SeriesTable, Table } from '../../../components/core/table.ts';
import type { RunWork } from '../../template/run-work.ts';
import type { Recorder } from '../../tracking/recorder.ts';
import { type Holdings, loadHoldings } from './holdings.ts';
import { columnOf, loadTable, timesOf } from './load.ts';

/** One level of a backtest, step by step. Returns are shares of the account one step before. */
export interface PortfolioData {
  /** `1day`. */
  readonly freq: string;
  readonly times: Float64Array;
  /** Before cost. */
  readonly gross: Float64Array;
  /** After cost: return - cost. */
  readonly net: Float64Array;
  readonly bench: Float64Array;
  /** A benchmark that never moves is none. */
  readonly hasBenchmark: boolean;
  readonly cost: Float64Array;
  readonly turnover: Float64Array;
  readonly account: Float64Array;
  readonly cash: Float64Array;
  readonly value: Float64Array;
  /** Money since the start. */
  readonly totalCost: Float64Array;
  readonly totalTurnover: Float64Array;
  readonly holdings: Holdings | undefined;
}

/** The levels with portfolio metrics, in order of their names' appearance; none where nothing was backtested. */
export async function loadPortfolios(
  recorder: Recorder,
  names: ReadonlySet<string>,
  work?: RunWork,
): Promise<PortfolioData[]> {
  const found: PortfolioData[] = [];
  for (const name of names) {
    const freq = /^portfolio_analysis\/report_normal_(\w+)\.pkl$/.exec(name)?.[1];
    const table = freq === undefined ? undefined : await loadTable(recorder, name, work);
    const steps = freq === undefined || !table ? undefined : portfolioOf(freq, table);
    if (steps) found.push({ ...steps, holdings: await loadHoldings(recorder, names, steps.freq, work) });
  }
  // the coarsest first: it is what a record analyses
  return found.sort((a, b) => a.times.length - b.times.length);
}

/** One level's report, `report_normal_1day.pkl`; undefined for anything else, and for one without a step. */
export function portfolioOf(
  freq: string,
  table: Table | SeriesTable,
): Omit<PortfolioData, 'holdings'> | undefined {
  const times = timesOf(table);
  if (table.kind !== 'frame' || !times || times.length === 0) return undefined;
  const column = (label: string) => columnOf(table, label, times.length);
  const [gross, cost, bench] = [column('return'), column('cost'), column('bench')];
  return {
    freq,
    times,
    gross,
    net: gross.map((r, i) => r - cost[i]!),
    bench: bench.map((r) => (Number.isNaN(r) ? 0 : r)),
    hasBenchmark: bench.some((r) => r !== 0 && !Number.isNaN(r)),
    cost,
    turnover: column('turnover'),
    account: column('account'),
    cash: column('cash'),
    value: column('value'),
    totalCost: column('total_cost'),
    totalTurnover: column('total_turnover'),
  };
}
