import type { Log } from '../../components/core/log.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Surface } from '../../components/eval/cost-surface.ts';
import type { Recorder } from '../tracking/recorder.ts';
import { buildReport, type PortfolioContent, type ReportContent } from './build.ts';
import { loadAttribution } from './data/attribution.ts';
import { artifactNames } from './data/load.ts';
import { loadOrders } from './data/orders.ts';
import { loadPortfolios } from './data/portfolio.ts';
import { loadRunFacts } from './data/run-facts.ts';
import { loadSignal } from './data/signal.ts';
import { loadSurface, surfaceName, surfaceToJson } from './data/surface-json.ts';
import { noTrials, portfolioStatistics, signalStatistics, type Trials } from './statistics.ts';
import { statisticsMetrics } from './statistics-metrics.ts';
import { recordedSurface } from './surface.ts';

/** The artifact's name. */
export const reportName = 'report.html';

export interface ReportOptions {
  readonly log: Log;
  /** Market data for the surface of cost, delay and capital; without it a kept one is shown. */
  readonly data?: DataProvider | undefined;
  readonly trials?: Trials | undefined;
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
  const names = await artifactNames(recorder);
  const run = await loadRunFacts(recorder, names);
  const portfolios: PortfolioContent[] = [];
  for (const data of await loadPortfolios(recorder, names))
    portfolios.push({
      data,
      statistics: portfolioStatistics(data, options.trials ?? noTrials),
      attribution: await loadAttribution(recorder, names, data.freq),
    });
  const signal = await loadSignal(recorder, names);
  const orders = await loadOrders(recorder, names);
  const daily = portfolios.find(({ data }) => data.freq === '1day')?.data;
  let surface: Surface | undefined;
  if (options.data && orders && daily)
    try {
      surface = await recordedSurface(options.data, daily, orders, run.dealPrice);
    } catch (error) {
      options.log.warn(`no cost surface: ${error instanceof Error ? error.message : String(error)}`);
    }
  const surfaceIsNew = surface !== undefined;
  surface ??= await loadSurface(recorder, names);
  return {
    content: {
      run,
      portfolios,
      signal: signal && { data: signal, statistics: signalStatistics(signal) },
      orders,
      surface,
    },
    surfaceIsNew,
  };
}
