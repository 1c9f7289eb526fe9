import { blockBootstrap } from '../../../components/eval/block-bootstrap.ts';
import { pearson } from '../../../components/eval/correlation.ts';
import { neweyWest } from '../../../components/eval/newey-west.ts';
import { isTable } from '../../../records/codec/tables.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { loadArtifact } from './load-artifact.ts';

/** How much more a run earned than the first one, after cost, a day. */
export interface ReturnComparison {
  /** Days that both have. */
  readonly days: number;
  readonly mean: number;
  /** The mean times the trading days of a year, as qlib counts them. */
  readonly annualized: number;
  readonly informationRatio: number;
  /** Of the mean, with Newey and West's standard error. */
  readonly t: number;
  readonly lags: number;
  /** 95 % interval of the mean: paired, in blocks of days. */
  readonly low: number;
  readonly high: number;
  readonly blockLength: number;
  /** Of the two series of returns. */
  readonly correlation: number;
}

/** qlib's `risk_analysis` for days. */
const daysOfYear = 238;
const report = 'portfolio_analysis/report_normal_1day.pkl';

/** Compares the daily returns after cost of two runs; null where one has no report or they share no day. */
export async function compareReturns(
  store: TrackingStore,
  a: Run,
  b: Run,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Promise<ReturnComparison | null> {
  const [first, second] = [await dailyReturns(store, a), await dailyReturns(store, b)];
  if (!first || !second) return null;
  const days = [...first.keys()].filter((day) => second.has(day)).sort((x, y) => x - y);
  if (days.length === 0) return null;
  const [x, y] = [first, second].map((series) => Float64Array.from(days, (day) => series.get(day)!));
  const difference = Float64Array.from(days, (_, i) => y![i]! - x![i]!);
  const test = neweyWest(difference);
  const interval = blockBootstrap(difference, { samples, seed });
  return {
    days: days.length,
    mean: test.mean,
    annualized: test.mean * daysOfYear,
    informationRatio: (test.mean / sampleDeviation(difference, test.mean)) * Math.sqrt(daysOfYear),
    t: test.t,
    lags: test.lags,
    ...interval,
    correlation: pearson(x!, y!),
  };
}

/** Return less cost by day; days without are left out. */
async function dailyReturns(store: TrackingStore, { info }: Run): Promise<Map<number, number> | undefined> {
  const table = await loadArtifact(store, info.runId, report);
  if (!isTable(table) || table.kind !== 'frame') return undefined;
  const [level] = table.index;
  const column = (label: string) =>
    table.columns.find((c) => c.label === label)?.values as Float64Array | undefined;
  const [gross, cost] = [column('return'), column('cost')];
  if (level?.dtype !== 'datetime64[ns]' || !gross || !cost) return undefined;
  const times = level.values as Float64Array;
  const series = new Map<number, number>();
  for (let r = 0; r < gross.length; r++) {
    const net = gross[r]! - cost[r]!;
    if (!Number.isNaN(net)) series.set(times[level.codes ? level.codes[r]! : r]!, net);
  }
  return series;
}

function sampleDeviation(values: Float64Array, mean: number): number {
  let sum = 0;
  for (const x of values) sum += (x - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
