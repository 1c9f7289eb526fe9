import type { Log } from '../../components/core/log.ts';
import type { WorkerPool } from '../../components/core/workers.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Surface } from '../../components/eval/cost-surface.ts';
import type { RunWork } from '../template/run-work.ts';
import type { Recorder } from '../tracking/recorder.ts';
import { buildReport, type PortfolioContent, type ReportContent } from './build.ts';
import { loadAttribution } from './data/attribution.ts';
import { artifactNames } from './data/load.ts';
import { loadOrders } from './data/orders.ts';
import { loadPortfolios, type PortfolioData } from './data/portfolio.ts';
import { loadRunFacts } from './data/run-facts.ts';
import { loadSignal } from './data/signal.ts';
import { loadSurface, surfaceName, surfaceToJson } from './data/surface-json.ts';
import { keptSurface } from './early-surface.ts';
import { noTrials, portfolioStatistics, ratioSeries, signalStatistics, type Trials } from './statistics.ts';
import { statisticsMetrics } from './statistics-metrics.ts';
import { beginSurface, type RecordedBacktest } from './surface.ts';

/** The artifact's name. */
export const reportName = 'report.html';

export interface ReportOptions {
  readonly log: Log;
  /** Market data for the surface of cost, delay and capital; without it a kept one is shown. */
  readonly data?: DataProvider | undefined;
  readonly trials?: Trials | undefined;
  /** Threads for what takes long. */
  readonly pool?: WorkerPool | undefined;
  /** What the run's records have reckoned already. */
  readonly runWork?: RunWork | undefined;
}

/**
 * Makes `report.html` of a run from its artifacts, logs the statistics as metrics and keeps the cost surface. Returns false where the run has
 * neither a signal nor a backtest.
 */
export async function writeReport(recorder: Recorder, options: ReportOptions): Promise<boolean> {
  const { content, surfaceIsNew } = await gather(recorder, options);
  const { portfolios, signal, surface } = content;
  if (portfolios.length === 0 && !signal) return false;
  await recorder.logMetrics(
    statisticsMetrics(
      portfolios.map((p) => p.statistics),
      signal?.statistics,
    ),
  );
  if (surface && surfaceIsNew)
    await recorder.saveObjects({ [surfaceName]: surfaceToJson(surface) }, 'portfolio_analysis');
  await recorder.saveObjects({ [reportName]: buildReport(content) });
  return true;
}

/** The report's text, from artifacts alone; undefined where there is nothing to report. Changes nothing. */
export async function reportHtml(recorder: Recorder, options: ReportOptions): Promise<string | undefined> {
  const { content } = await gather(recorder, options);
  return content.portfolios.length === 0 && !content.signal ? undefined : buildReport(content);
}

async function gather(
  recorder: Recorder,
  options: ReportOptions,
): Promise<{ content: ReportContent; surfaceIsNew: boolean }> {
  const { data, trials = noTrials, pool, runWork } = options;
  const names = await artifactNames(recorder);
  const run = await loadRunFacts(recorder, names);
  const levels = await loadPortfolios(recorder, names, runWork);
  const orders = await loadOrders(recorder, names, runWork);
  const daily = levels.find(({ freq }) => freq === '1day');
  // what threads can do is begun first
  const newSurface =
    data && orders && daily
      ? newOrBegun(data, { portfolio: daily, orders, dealPrice: run.dealPrice }, options)
      : undefined;
  const scores = await loadSignal(recorder, names, { pool, work: runWork });
  const portfolios: PortfolioContent[] = [];
  for (const level of levels)
    portfolios.push({
      data: level,
      statistics: portfolioStatistics(level, trials, await runWork?.intervals('ratio', ratioSeries(level))),
      attribution: await loadAttribution(recorder, names, level.freq),
    });
  const signal = scores && {
    statistics: signalStatistics(
      scores.ics,
      await runWork?.intervals('mean', [scores.ics.ic, scores.ics.ric]),
    ),
    data: { ...scores.ics, ...(await scores.figures) },
  };
  let surface = await newSurface;
  const surfaceIsNew = surface !== undefined;
  surface ??= await loadSurface(recorder, names);
  return { content: { run, portfolios, signal, orders, surface }, surfaceIsNew };
}

/** The surface of a backtest, which its record may have begun already; undefined, with a warning, where it cannot be had. */
async function newOrBegun(
  data: DataProvider,
  backtest: Omit<RecordedBacktest, 'firstAmounts'> & { readonly portfolio: PortfolioData },
  { log, pool, runWork }: ReportOptions,
): Promise<Surface | undefined> {
  try {
    const firstAmounts = backtest.portfolio.holdings?.firstAmounts ?? new Map<string, number>();
    const { surface } =
      (await keptSurface(runWork)) ?? (await beginSurface(data, { ...backtest, firstAmounts }, pool));
    return await surface;
  } catch (error) {
    log.warn(`no cost surface: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
