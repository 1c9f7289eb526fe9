import { cumulative, drawdown, returnsOf } from '../charts/figures.ts';
import type { Series } from '../charts/options.ts';
import type { IcSeries, Report, RunRow, Values } from '../types.ts';
import { sweepValues } from './sweep-values.ts';

export interface Compared extends RunRow {
  readonly report: Report | null;
  readonly ic: IcSeries | null;
  readonly config: Readonly<Record<string, string>> | null;
}

export interface Difference {
  readonly days: number;
  readonly annual: number;
  readonly t: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

export interface Comparison {
  readonly runs: readonly Compared[];
  readonly correlation: readonly (readonly (number | null)[])[];
  readonly differences: readonly (Difference | null)[];
}

/** Names that tell the runs apart: those of a sweep are called by what the sweep gave them. */
export function labelsOf(runs: readonly RunRow[]): string[] {
  const names = runs.map((run) => sweepLabel(run) || run.name);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return runs.map(({ id }, i) => {
    const name = names[i]!;
    return counts.get(name)! > 1 || name === '' ? `${name} ${id.slice(0, 6)}`.trim() : name;
  });
}

/** `learning_rate=0.1 num_leaves=48`; empty for a run of no sweep. */
function sweepLabel(run: RunRow): string {
  const values = Object.entries(sweepValues(run) ?? {});
  return values.map(([key, value]) => `${key.split('.').at(-1)}=${value}`).join(' ');
}

/** Losses and deviations are better small; drawdowns are negative, so that the greatest is the best. */
const smallIsGood =
  /(?:^|[./ ])(?:l1|l2|mse|mae|rmse|std|turnover|\w*loss|\w*error)(?:[./](?:train|valid|test))?$/i;

/** The run whose value is the best of a metric; undefined where all are the same or it cannot be said. */
export function bestOf(metric: string, runs: readonly RunRow[]): string | undefined {
  const sign = smallIsGood.test(metric) ? -1 : 1;
  const found = runs.flatMap(({ id, metrics }) =>
    typeof metrics[metric] === 'number' ? [{ id, value: sign * metrics[metric] }] : [],
  );
  if (found.length < 2 || found.every(({ value }) => value === found[0]!.value)) return undefined;
  return found.reduce((a, b) => (b.value > a.value ? b : a)).id;
}

export interface Overlay {
  readonly title: string;
  readonly days: readonly string[];
  readonly series: readonly Series[];
  readonly isPercent: boolean;
}

/** Lines of all runs over the days of any. */
export function overlays(runs: readonly Compared[], labels: readonly string[]): Overlay[] {
  const made: Overlay[] = [];
  const add = (
    title: string,
    isPercent: boolean,
    of: (run: Compared) => { days: readonly string[]; values: Values } | null,
  ) => {
    const found = runs.flatMap((run, i) => {
      const line = of(run);
      return line ? [{ name: labels[i]!, ...line }] : [];
    });
    if (found.length === 0) return;
    const days = [...new Set(found.flatMap((f) => f.days))].sort();
    const series = found.map(({ name, days: own, values }) => {
      const byDay = new Map(own.map((day, i) => [day, values[i] ?? null]));
      return { name, values: days.map((day) => byDay.get(day) ?? null) };
    });
    made.push({ title, days, series, isPercent });
  };
  const excess = ({ report }: Compared) => {
    const returns = report && returnsOf(report);
    return returns
      ? { days: report.days, total: cumulative(returns.excess), own: cumulative(returns.net) }
      : null;
  };
  add('Cumulative return, after cost', true, (run) => {
    const line = excess(run);
    return line && { days: line.days, values: line.own };
  });
  add('Cumulative excess return, after cost', true, (run) => {
    const line = excess(run);
    return line && { days: line.days, values: line.total };
  });
  add('Drawdown of the excess return', true, (run) => {
    const line = excess(run);
    return line && { days: line.days, values: drawdown(line.total) };
  });
  add('Cumulative IC', false, ({ ic }) => ic && { days: ic.days, values: cumulative(ic.ic) });
  return made;
}

/** Numbers that runs differ in: metrics, and params that are numbers. */
export function numericKeys(runs: readonly RunRow[]): string[] {
  const keys = new Set<string>();
  for (const { metrics, params } of runs) {
    for (const key of Object.keys(metrics)) keys.add(`metrics.${key}`);
    for (const [key, value] of Object.entries(params))
      if (value !== '' && Number.isFinite(Number(value))) keys.add(`params.${key}`);
  }
  return [...keys].filter((key) => new Set(runs.map((run) => String(numberOf(run, key)))).size > 1).sort();
}

/** Params that are no numbers and differ. */
export function textKeys(runs: readonly RunRow[]): string[] {
  const keys = new Set(runs.flatMap(({ params }) => Object.keys(params)));
  return [...keys]
    .filter((key) => !key.startsWith('cmd-sys') && new Set(runs.map(({ params }) => params[key])).size > 1)
    .map((key) => `params.${key}`);
}

export function numberOf({ metrics, params }: RunRow, key: string): number | null {
  const dot = key.indexOf('.');
  const name = key.slice(dot + 1);
  const value = key.startsWith('metrics.') ? metrics[name] : params[name];
  if (value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
