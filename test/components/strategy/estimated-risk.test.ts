import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { normalBacktest } from '../../../components/backtest/run.ts';
import { formatTime } from '../../../components/core/dates.ts';
import type { Table } from '../../../components/core/table.ts';
import { EstimatedRisk } from '../../../components/strategy/enhanced-indexing/estimated-risk.ts';
import { decodeObject, encodeObject } from '../../../records/codec/codec.ts';
import { testContext } from '../backtest/context.ts';
import { type Bars, market, scorePanel, weekdays } from '../backtest/market.ts';

const days = weekdays('2020-01-01', 60);
const names = ['A', 'B', 'C', 'D', 'E'];
const bars: Record<string, Bars> = {};
for (const [i, name] of names.entries()) {
  let price = 10 + i;
  const close = Array.from(days, (_, day) => {
    price *= 1 + 0.01 * Math.sin(1.3 * day) * (1 + i / 4) + 0.008 * Math.cos((i + 2) * 0.9 * day);
    return day < 40 && name === 'E' ? Number.NaN : price;
  });
  bars[name] = { close, weight: close.map(() => [0.4, 0.3, 0.2, 0.1, 0][i]!) };
}
const scores = scorePanel(
  days,
  Object.fromEntries(names.map((name, i) => [name, Array.from(days, (_, day) => Math.cos(day + i))])),
);

function run(kwargs: object, loadFile?: (file: string) => Promise<unknown>) {
  const context = testContext({ data: market(days, bars), ...(loadFile ? { loadFile } : {}) });
  return normalBacktest(context, {
    strategy: {
      class: 'EnhancedIndexingStrategy',
      kwargs: { signal: scores, ...kwargs, optimizer_kwargs: { b_dev: 0.3, delta: 0.5, lamb: 1 } },
    },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: formatTime(days[45]!),
    end_time: formatTime(days.at(-1)!),
    account: 1e7,
    benchmark: false,
    exchange_kwargs: { open_cost: 0.0005, close_cost: 0.0015, min_cost: 0 },
  });
}

describe('EstimatedRisk', () => {
  it('takes the covariance of the returns up to the day, of those with half of them', async () => {
    const context = testContext({ data: market(days, bars) });
    const model = await context.build(
      'riskModel',
      { class: 'StructuredCovEstimator', kwargs: { num_factors: 2 } },
      [],
    );
    const risk = await EstimatedRisk.load(context, model, 30, names, { start: days[45]!, end: days.at(-1)! });
    const then = risk.at(days[45]!, names)!;
    expect(then.universe).toEqual(['A', 'B', 'C', 'D']);
    expect(then.exposure.map((row) => row.length)).toEqual([2, 2, 2, 2]);
    const later = risk.at(days[58]!, names)!;
    expect(later.universe).toEqual(names);
  });

  it('knows nothing of later days', async () => {
    const context = testContext({ data: market(days, bars) });
    const other = Object.fromEntries(
      names.map((name) => [
        name,
        { ...bars[name]!, close: bars[name]!.close.map((p, day) => (day > 50 ? p * 2 : p)) },
      ]),
    );
    const model = await context.build('riskModel', { class: 'StructuredCovEstimator' }, []);
    const at50 = async (data: typeof bars) =>
      (
        await EstimatedRisk.load(testContext({ data: market(days, data) }), model, 30, names, {
          start: days[45]!,
          end: days.at(-1)!,
        })
      ).at(days[50]!, names);
    expect(await at50(other)).toEqual(await at50(bars));
  });
});

describe('EnhancedIndexingStrategy with a risk model of its own', () => {
  it.each([
    { class: 'StructuredCovEstimator', kwargs: { num_factors: 2 } },
    { class: 'ShrinkCovEstimator', kwargs: { alpha: 'lw', nan_option: 'fill' } },
    { class: 'POETCovEstimator', kwargs: { num_factors: 1, nan_option: 'fill' } },
  ])('stays within the limits of the benchmark: %o', async (riskmodel) => {
    const result = await run({ riskmodel, riskmodel_lookback: 30 });
    const positions = [...result.portfolio.get('1day')!.positions.values()];
    const invested = positions.filter((p) => p.holdings.size > 0);
    expect(invested.length).toBeGreaterThan(5);
    for (const position of invested)
      for (const [name, weight] of position.weights(true)) {
        const benchmark = bars[name]!.weight![0]!;
        expect(Math.abs(weight - benchmark)).toBeLessThanOrEqual(0.3 + 0.05);
      }
  });

  it('needs a folder or a class', async () => {
    await expect(run({})).rejects.toMatchObject({ problem: 'riskmodel_root is missing' });
    await expect(
      run({ riskmodel_root: 'x', riskmodel: 'qlib.model.riskmodel.ShrinkCovEstimator' }),
    ).rejects.toMatchObject({
      problem: 'riskmodel_root and riskmodel are both given',
    });
  });
});

describe('EnhancedIndexingStrategy with folders of risk models', () => {
  const root = mkdtempSync(join(tmpdir(), 'risk-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('reads the same from pickles of pandas frames as from CSV files', async () => {
    const four = names.slice(0, 4);
    const exposure = four.map((_, i) => [1, 0.5 * i]);
    const text = {
      factor_exp: ['i,f0,f1', ...four.map((name, i) => [name, ...exposure[i]!].join(','))],
      factor_cov: [',f0,f1', 'f0,0.0004,0.0001', 'f1,0.0001,0.0002'],
      specific_risk: ['i,risk', ...four.map((name, i) => `${name},${0.01 + 0.002 * i}`)],
    };
    for (const format of ['csv', 'pkl'])
      for (const day of days.slice(44)) {
        const folder = join(root, format, formatTime(day).replaceAll('-', ''));
        mkdirSync(folder, { recursive: true });
        for (const [name, lines] of Object.entries(text)) {
          const bytes =
            format === 'csv' ? [Buffer.from(lines.join('\n'))] : await encodeObject('x.pkl', frameOf(lines));
          writeFileSync(join(folder, `${name}.${format}`), Buffer.concat(bytes));
        }
      }
    const loadFile = async (file: string) => decodeObject(file, readFileSync(file));
    const [a, b] = [
      await run({ riskmodel_root: join(root, 'csv') }),
      await run({ riskmodel_root: join(root, 'pkl') }, loadFile),
    ];
    expect(a.deals.length).toBeGreaterThan(10);
    expect(b.portfolio.get('1day')!.report).toEqual(a.portfolio.get('1day')!.report);
  });
});

function frameOf([header, ...lines]: readonly string[]): Table {
  const rows = lines.map((line) => line.split(','));
  return {
    kind: 'frame',
    index: [{ name: null, dtype: 'object', values: rows.map((row) => row[0]), codes: null }],
    columns: header!
      .split(',')
      .slice(1)
      .map((label, j) => ({
        label,
        dtype: 'float64',
        values: Float64Array.from(rows, (row) => Number(row[j + 1])),
      })),
  };
}
