import type { IndicatorResult, PortfolioResult } from '../../components/backtest/run.ts';
import { type IndicatorMethod, indicatorAnalysis } from '../../components/eval/indicator.ts';
import { type Risk, riskAnalysis } from '../../components/eval/risk.ts';
import { pprint } from '../codec/format/pprint.ts';
import type { RecordContext } from '../record.ts';
import { figureTable, numberColumn, stackedTable } from '../template/tables.ts';

/** Figures of one level's returns. */
export interface PortAnalysis {
  readonly bench: Risk;
  readonly excess_return_without_cost: Risk;
  readonly excess_return_with_cost: Risk;
}

/** Risk of the benchmark and of the return above it, before and after cost. */
export function analysePortfolio({ report }: PortfolioResult, freq: string): PortAnalysis {
  const [returns, bench, cost] = ['return', 'bench', 'cost'].map((name) => numberColumn(report, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const before = returns.map((r, i) => r - bench[i]!);
  const after = before.map((r, i) => r - cost[i]!);
  const risk = (values: Float64Array) => riskAnalysis(values, { freq });
  return {
    bench: risk(bench),
    excess_return_without_cost: risk(before),
    excess_return_with_cost: risk(after),
  };
}

/** `port_analysis_1day.pkl`: ten rows under (part, figure). */
export function portfolioTable({ excess_return_without_cost, excess_return_with_cost }: PortAnalysis) {
  return stackedTable('risk', {
    excess_return_without_cost: { ...excess_return_without_cost },
    excess_return_with_cost: { ...excess_return_with_cost },
  });
}

/** Logs and prints the analysis of one level as qlib does: metrics `1day.excess_return_with_cost.annualized_return`. */
export async function reportPortfolio(
  context: RecordContext,
  analysis: PortAnalysis,
  freq: string,
): Promise<void> {
  const metrics: Record<string, number> = {};
  for (const part of ['excess_return_without_cost', 'excess_return_with_cost'] as const)
    for (const [name, value] of Object.entries(analysis[part])) metrics[`${freq}.${part}.${name}`] = value;
  await context.recorder.logMetrics(metrics);
  const show = (what: string, risk: Risk) => {
    context.print(pprint(`The following are analysis results of ${what}(${freq}).`));
    context.print(pprint(figureTable('risk', { ...risk })));
  };
  show('benchmark return', analysis.bench);
  show('the excess return without cost', analysis.excess_return_without_cost);
  show('the excess return with cost', analysis.excess_return_with_cost);
}

/** The trade indicators of one level: logged as `1day.ffr`, printed, and given back as `indicator_analysis_1day.pkl`. */
export async function analyseIndicators(
  context: RecordContext,
  { table }: IndicatorResult,
  freq: string,
  method: IndicatorMethod | undefined,
) {
  const { ffr, pa, pos } = indicatorAnalysis(table, method);
  const metrics = { ffr, pa, pos };
  await context.recorder.logMetrics(
    Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${freq}.${name}`, value])),
  );
  const analysis = figureTable('value', metrics);
  context.print(pprint(`The following are analysis results of indicators(${freq}).`));
  context.print(pprint(analysis));
  return analysis;
}
