import type { Table } from '../../components/core/table.ts';
import { averageOf, deviationOf } from '../../components/eval/risk.ts';
import { textLevel } from '../template/tables.ts';
import type { PortAnalysis } from './analyse.ts';

/** One figure over all passes. */
export interface PassFigure {
  readonly part: string;
  readonly measure: string;
  readonly mean: number;
  readonly std: number;
  /** mean / std: infinite where all passes agree. */
  readonly meanStd: number;
}

const parts = ['excess_return_with_cost', 'excess_return_without_cost'] as const;
const measures = ['annualized_return', 'information_ratio'] as const;

/** Mean and sample standard deviation of return and information ratio over several backtests. */
export function passFigures(passes: readonly PortAnalysis[]): PassFigure[] {
  return parts.flatMap((part) =>
    measures.map((measure) => {
      const values = passes.map((pass) => pass[part][measure]);
      const [mean, std] = [averageOf(values), deviationOf(values)];
      return { part, measure, mean, std, meanStd: mean / std };
    }),
  );
}

/** `multi_pass_port_analysis_1day.pkl`: columns mean, std, mean_std under (part, measure). */
export function passTable(figures: readonly PassFigure[]): Table {
  const column = (label: string, of: (figure: PassFigure) => number) => ({
    label,
    dtype: 'float64' as const,
    values: Float64Array.from(figures, of),
  });
  return {
    kind: 'frame',
    index: [textLevel(figures.map((f) => f.part)), textLevel(figures.map((f) => f.measure))],
    columns: [
      column('mean', (f) => f.mean),
      column('std', (f) => f.std),
      column('mean_std', (f) => f.meanStd),
    ],
  };
}

/** Metrics `mean.excess_return_with_cost.annualized_return`; qlib's names, which leave out the frequency. */
export function passMetrics(figures: readonly PassFigure[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const { part, measure, mean, std, meanStd } of figures) {
    metrics[`mean.${part}.${measure}`] = mean;
    metrics[`std.${part}.${measure}`] = std;
    metrics[`mean_std.${part}.${measure}`] = meanStd;
  }
  return metrics;
}
