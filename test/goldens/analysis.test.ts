import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { Table } from '../../components/core/table.ts';
import { scoreAutocorrelation } from '../../components/eval/autocorrelation.ts';
import { dailyIC, withoutNaN } from '../../components/eval/ic.ts';
import { indicatorAnalysis } from '../../components/eval/indicator.ts';
import { longShortPrecision, longShortReturn } from '../../components/eval/long-short.ts';
import { averageOf, deviationOf, type RiskOptions, riskAnalysis } from '../../components/eval/risk.ts';
import { readPanel } from './backtest/inputs.ts';
import { Difference, goldensRoot, readCsv, readJson, toNumber } from './support.ts';

type Figures = Readonly<Record<string, unknown>>;
interface RiskCase {
  readonly series: string;
  readonly kwargs: { readonly N?: number | null; readonly freq?: string | null; readonly mode?: 'sum' };
  readonly result: Figures;
}
interface IndicatorCase {
  readonly indicators: string;
  readonly method: 'mean';
  readonly result: Figures;
}

const root = goldensRoot();
const home = root ? join(root, 'backtest', 'analysis') : '';

describe.skipIf(!root || !existsSync(home))('analysis against qlib (skipped without goldens)', () => {
  const backtests = join(root!, 'backtest', 'backtest');
  const column = (file: string, name: string) => {
    const { header, rows } = readCsv(file);
    return Float64Array.from(rows, (row) => toNumber(row[header.indexOf(name)]));
  };

  describe('risk analysis', () => {
    const report = (name: string) =>
      column(join(backtests, 'a_base_full', 'report_normal_1day.csv.gz'), name);
    const minus = (a: Float64Array, b: Float64Array) => a.map((x, i) => x - b[i]!);
    const synthetic = (name: string) => column(join(home, 'risk_synthetic_input.csv.gz'), name);
    // as analysis_cases.py makes them
    const series: Readonly<Record<string, () => ArrayLike<number>>> = {
      report_return: () => report('return'),
      report_bench: () => report('bench'),
      excess: () => minus(report('return'), report('bench')),
      excess_cost: () => minus(minus(report('return'), report('bench')), report('cost')),
      synthetic: () => synthetic('synthetic'),
      synthetic_nan: () => synthetic('synthetic_nan'),
      constant: () => Array.from({ length: 10 }, () => 0.001),
      one: () => [0.01],
      all_loss: () => [-0.01, -0.02, -0.03],
      below_minus_one: () => [0.1, -1.5, 0.2],
      empty: () => [],
    };
    for (const { series: name, kwargs, result } of readJson<RiskCase[]>(join(home, 'risk_analysis.json')))
      it(`${name} ${JSON.stringify(kwargs)}`, () => {
        const { N: n, ...rest } = kwargs;
        const options: RiskOptions = { ...(n === undefined ? {} : { n }), ...rest };
        const run = () => ({ ...riskAnalysis(series[name]!(), options) }) as Record<string, number>;
        if ('error' in result && name === 'empty')
          return expect(Object.values(run())).toEqual(Array(5).fill(Number.NaN));
        if ('error' in result) return expect(run).toThrow(UserError);
        const ours = run();
        const difference = new Difference(1e-9, 1e-12);
        const isFlat = Math.abs(toNumber(result['std'])) < 1e-12;
        for (const [figure, value] of Object.entries(result))
          if (!(isFlat && figure === 'information_ratio'))
            difference.add(ours[figure]!, toNumber(value), figure);
        return difference.check();
      });
  });

  describe('indicator analysis', () => {
    for (const { indicators, method, result } of readJson<IndicatorCase[]>(
      join(home, 'indicator_analysis.json'),
    ))
      it(`${indicators} ${method}`, () => {
        const [name = '', freq = ''] = indicators.split('/');
        const file = join(backtests, name, `indicators_normal_${freq}.csv.gz`);
        const { header } = readCsv(file);
        const columns = header
          .slice(1)
          .map((label) => ({ label, dtype: 'float64' as const, values: column(file, label) }));
        const table: Table = { kind: 'frame', index: [], columns };
        if ('error' in result) return expect(() => indicatorAnalysis(table, method)).toThrow(UserError);
        const ours = { ...indicatorAnalysis(table, method) } as Record<string, number>;
        const difference = new Difference(1e-9, 1e-12);
        for (const [figure, value] of Object.entries(result))
          difference.add(ours[figure]!, toNumber(value), figure);
        return difference.check();
      });
  });

  describe('scores and labels', () => {
    const label = readPanel(join(home, 'label.csv.gz'));
    const { times } = label.index;
    const scores = readPanel(join(backtests, 'signal_main.csv.gz')).between(times[0]!, times.at(-1)!);
    const change = (panel: Panel, f: (value: number, row: number) => number) =>
      panel.withColumns(panel.columns.map((c) => ({ ...c, values: Float64Array.from(c.values, f) })));
    // as analysis_cases.py makes them
    const inputs: Readonly<Record<string, readonly [Panel, Panel]>> = {
      plain: [scores, label],
      pred_every_17th_nan: [change(scores, (x, i) => (i % 17 === 0 ? Number.NaN : x)), label],
      label_every_13th_nan: [scores, change(label, (x, i) => (i % 13 === 0 ? Number.NaN : x))],
      first_day_constant: [change(scores, (x, i) => (i < scores.index.offsets[1]! ? 1 : x)), label],
      ties: [change(scores, (x) => Number(x.toFixed(2))), label],
    };
    const of = (name: string) => inputs[Object.keys(inputs).find((key) => name.startsWith(key))!]!;

    const compute = (file: string): { times: Float64Array; [name: string]: Float64Array } => {
      const [, kind = '', rest = ''] =
        /^(ic|long_short_return|long_short_prec|pred_autocorr)_(.*)$/.exec(file) ?? [];
      if (kind === 'pred_autocorr') {
        const pred = rest.startsWith('holes') ? inputs['pred_every_17th_nan']![0] : scores;
        const { times: days, values } = scoreAutocorrelation(pred, Number(/lag(\d+)/.exec(rest)![1]));
        return { times: days, autocorr: values };
      }
      const [pred, labels] = of(rest);
      if (kind === 'ic') return { ...dailyIC(pred, labels) };
      const dropna = rest.endsWith('_drop');
      if (kind === 'long_short_return') {
        const quantile = Number(/_q([\d.]+)_/.exec(rest)![1]);
        const { times: days, longShort, average } = longShortReturn(pred, labels, { quantile, dropna });
        return {
          times: days,
          long_short_r: Float64Array.from(longShort),
          long_avg_r: Float64Array.from(average),
        };
      }
      return {
        ...longShortPrecision(pred, labels, { quantile: 0.2, dropna, isAlpha: rest.includes('_alpha_') }),
      };
    };

    for (const file of readdirSync(home).filter((name) =>
      /^(ic|long_short|pred_autocorr)_.*\.csv\.gz$/.test(name),
    ))
      it(file.replace('.csv.gz', ''), () => {
        const { header, rows } = readCsv(join(home, file));
        const ours = compute(file.replace('.csv.gz', ''));
        expect(Array.from(ours.times, formatTime)).toEqual(rows.map(([time]) => time));
        const difference = new Difference(1e-9, 1e-12);
        for (const [i, row] of rows.entries())
          for (const [j, name] of header.entries())
            if (j > 0) difference.add(ours[name]![i]!, toNumber(row[j]), () => `${row[0]} ${name}`);
        difference.check();
      });

    const mean = averageOf;
    const summarize = (key: string): Record<string, number> | undefined => {
      const [kind = '', name = '', a = '', b = ''] = key.split('/');
      if (!(name in inputs)) return undefined;
      const [pred, labels] = inputs[name]!;
      const dropna = (b || a).endsWith('True');
      if (kind === 'calc_ic') {
        const { times: days, ic, ric } = dailyIC(pred, labels);
        const [x, y] = dropna ? [withoutNaN(days, ic).values, withoutNaN(days, ric).values] : [ic, ric];
        const ratio = (v: Float64Array) => mean(v) / deviationOf(v);
        return { n: x.length, IC: mean(x), ICIR: ratio(x), 'Rank IC': mean(y), 'Rank ICIR': ratio(y) };
      }
      if (kind === 'calc_long_short_return') {
        const { longShort, average } = longShortReturn(pred, labels, {
          quantile: Number(a.slice(2)),
          dropna,
        });
        const ls = mean(longShort);
        return {
          mean: ls,
          avg: mean(average),
          ann_return_252: ls * 252,
          ann_sharpe_252: (ls / deviationOf(longShort)) * Math.sqrt(252),
        };
      }
      if (kind !== 'calc_long_short_prec') return undefined;
      const { long, short } = longShortPrecision(pred, labels, {
        quantile: 0.2,
        dropna,
        isAlpha: a.endsWith('True'),
      });
      return { long: mean(long), short: mean(short) };
    };
    for (const [key, theirs] of Object.entries(
      readJson<Record<string, Figures>>(join(home, 'summary.json')),
    )) {
      if (!key.includes('/')) continue;
      it(`summary ${key}`, () => {
        if ('error' in theirs) {
          const few = new Set(label.index.instruments.slice(0, 4));
          const codes = label.index.codes;
          const rows = Uint32Array.from(codes.keys()).filter((row) =>
            few.has(label.index.instruments[codes[row]!]!),
          );
          return expect(() => longShortPrecision(label.take(rows), label.take(rows))).toThrow(UserError);
        }
        const ours = summarize(key);
        expect(ours, 'a known kind of summary').toBeDefined();
        const difference = new Difference(1e-9, 1e-12);
        for (const [figure, value] of Object.entries(theirs))
          difference.add(ours![figure]!, toNumber(value), figure);
        return difference.check();
      });
    }
  });
});
