import type { BacktestResult } from '../../components/backtest/run.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { Table } from '../../components/core/table.ts';
import type { RecordContext } from '../record.ts';
import {
  analyseIndicators,
  analysePortfolio,
  type PortAnalysis,
  portfolioTable,
  reportPortfolio,
} from './analyse.ts';
import { indicatorsToPython } from './indicators-to-python.ts';
import type { PortAnaRecordOptions, PortConfig } from './options.ts';
import { ordersTable } from './orders-table.ts';
import { positionsToPython } from './position-to-python.ts';
import type { AnalysedFreqs } from './report-freqs.ts';
import { runBacktest } from './run-port-ana.ts';

const rulesText = {
  qlib: "qlib's rules (strict: false)",
  strict:
    'strict rules: at most topk held, limits judged at the deal price, costs within the cash set aside (strict: true)',
};

/** The artifacts of a record, and the figures by frequency. */
export interface PortAna {
  readonly artifacts: Record<string, unknown>;
  readonly analyses: Map<string, PortAnalysis>;
}

/** One backtest with its analysis. */
export async function generatePortAna(
  context: RecordContext,
  config: Required<PortConfig>,
  pred: Panel,
  freqs: AnalysedFreqs,
  method: PortAnaRecordOptions['indicator_analysis_method'],
): Promise<PortAna> {
  return analysePortAna(context, await runPortAna(context, config, pred), freqs, method);
}

/** A backtest and what is kept of it as it is. */
export interface PortAnaRun extends BacktestResult {
  readonly raw: Readonly<Record<string, unknown>>;
  /** `orders.parquet`. */
  readonly orders: Table;
}

/** Runs the backtest; writes nothing. */
export async function runPortAna(
  context: RecordContext,
  config: Required<PortConfig>,
  pred: Panel,
): Promise<PortAnaRun> {
  const result = await runBacktest(context, config, pred);
  const orders = ordersTable(result.deals);
  return { ...result, orders, raw: rawArtifacts(result, orders) };
}

/** Analyses, logs and prints what a backtest gave. */
export async function analysePortAna(
  context: RecordContext,
  { portfolio, indicators, strict, raw }: PortAnaRun,
  freqs: AnalysedFreqs,
  method: PortAnaRecordOptions['indicator_analysis_method'],
): Promise<PortAna> {
  context.log.info(`backtest by ${rulesText[strict ? 'strict' : 'qlib']}`);
  await context.recorder.setTags({ 'qrun.backtest_rules': strict ? 'strict' : 'qlib' });
  const artifacts: Record<string, unknown> = { ...raw };
  const analyses = new Map<string, PortAnalysis>();
  for (const freq of freqs.risk) {
    const result = portfolio.get(freq);
    if (!result) {
      context.log.warn(`no report of freq ${freq}: its executor needs generate_portfolio_metrics: true`);
      continue;
    }
    const analysis = analysePortfolio(result, freq);
    await reportPortfolio(context, analysis, freq);
    artifacts[`port_analysis_${freq}.pkl`] = portfolioTable(analysis);
    analyses.set(freq, analysis);
  }
  for (const freq of freqs.indicator) {
    const result = indicators.get(freq);
    if (result)
      artifacts[`indicator_analysis_${freq}.pkl`] = await analyseIndicators(
        context,
        result,
        freq,
        method ?? undefined,
      );
    else context.log.warn(`no indicators of freq ${freq}: no level of the executor has it`);
  }
  return { artifacts, analyses };
}

function rawArtifacts(
  { portfolio, indicators }: Pick<BacktestResult, 'portfolio' | 'indicators'>,
  orders: Table,
): Record<string, unknown> {
  const artifacts: Record<string, unknown> = { 'orders.parquet': orders };
  for (const [freq, { report, positions }] of portfolio) {
    artifacts[`report_normal_${freq}.pkl`] = report;
    artifacts[`positions_normal_${freq}.pkl`] = positionsToPython(positions);
  }
  for (const [freq, { table, object }] of indicators) {
    artifacts[`indicators_normal_${freq}.pkl`] = table;
    artifacts[`indicators_normal_${freq}_obj.pkl`] = indicatorsToPython(object);
  }
  return artifacts;
}
