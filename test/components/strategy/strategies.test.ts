import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestOptions, normalBacktest } from '../../../components/backtest/run.ts';
import { formatTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import type { Table } from '../../../components/core/table.ts';
import { testContext } from '../backtest/context.ts';
import { checkInvariants } from '../backtest/invariants.ts';
import { market, scorePanel, weekdays } from '../backtest/market.ts';

const days = weekdays('2020-01-06', 21);
const names = ['A', 'B', 'C', 'D', 'E', 'F'];
const prices = (name: string) =>
  Array.from(days, (_, i) => 20 + names.indexOf(name) + 3 * Math.sin(i * (1 + names.indexOf(name))));
const data = market(
  days,
  Object.fromEntries(names.map((name) => [name, { close: prices(name), volume: days as never }])),
);
const signal = scorePanel(
  days,
  Object.fromEntries(names.map((name, k) => [name, Array.from(days, (_, i) => Math.cos(i * 0.7 + k))])),
);
const daily = {
  class: 'SimulatorExecutor',
  kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
};
const nested = (strategy: unknown) => ({
  class: 'NestedExecutor',
  kwargs: {
    time_per_step: 'week',
    inner_executor: daily,
    inner_strategy: strategy,
    generate_portfolio_metrics: true,
  },
});

function run(strategy: unknown, rest: Partial<BacktestOptions> = {}) {
  return normalBacktest(testContext({ data }), {
    strategy,
    executor: daily,
    start_time: days[0],
    end_time: days.at(-1),
    account: 1e6,
    benchmark: false,
    exchange_kwargs: { open_cost: 0.001, close_cost: 0.002, min_cost: 5, trade_unit: null },
    ...rest,
  });
}
const topk = (kwargs: Record<string, unknown> = {}) => ({
  class: 'TopkDropoutStrategy',
  kwargs: { signal, topk: 2, n_drop: 1, ...kwargs },
});

describe('TopkDropoutStrategy', () => {
  it('never replaces more than n_drop, nor holds more than topk where all can be traded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }), async (k, n_drop) => {
        const { deals, portfolio } = await run(topk({ topk: k, n_drop }));
        for (const position of portfolio.get('1day')!.positions.values())
          expect(position.holdings.size).toBeLessThanOrEqual(k);
        for (const time of days)
          expect(
            deals.filter((d) => d.time === time && d.order.direction === 'sell').length,
          ).toBeLessThanOrEqual(n_drop);
      }),
      { numRuns: 20 },
    );
  });

  it('sells nothing that it has not held long enough', async () => {
    const { deals } = await run(topk({ hold_thresh: 5 }));
    for (const { order, time } of deals.filter((d) => d.order.direction === 'sell')) {
      const bought = deals.filter(
        (d) => d.order.instrument === order.instrument && d.order.direction === 'buy' && d.time < time,
      );
      expect(days.indexOf(time) - days.indexOf(bought.at(-1)!.time)).toBeGreaterThanOrEqual(5);
    }
  });

  it('draws at random by the seed alone', async () => {
    const drawn = async () =>
      (await run(topk({ method_buy: 'random', method_sell: 'random' }))).deals.map((d) => d.order.instrument);
    expect(await drawn()).toEqual(await drawn());
  });

  it('draws what numpy draws', async () => {
    // np.random.seed(0); np.random.choice(list('ABCDE'), 2, replace=False) -> C, A
    const ranked = scorePanel(
      days,
      Object.fromEntries(names.map((name, k) => [name, Array.from(days, () => -k)])),
    );
    const { deals } = await run(topk({ signal: ranked, topk: 5, n_drop: 2, method_sell: 'random' }));
    const sold = deals.filter((d) => d.order.direction === 'sell');
    const first = sold.filter((d) => d.time === sold[0]!.time).map((d) => d.order.instrument);
    expect(first.sort()).toEqual(['A', 'C']);
  });

  it('refuses unknown and missing kwargs', async () => {
    const message = async (kwargs: Record<string, unknown>) => {
      const error = await run({ class: 'TopkDropoutStrategy', kwargs }).catch((e: unknown) => e);
      return error instanceof UserError ? error.path.join('.') : error;
    };
    expect(await message({ signal, topk: 2, n_drop: 1, hold_tresh: 1 })).toBe('strategy.kwargs.hold_tresh');
    expect(await message({ signal, topk: 0, n_drop: 1 })).toBe('strategy.kwargs.topk');
    expect(await message({ signal, topk: 2, n_drop: 1, method_sell: 'top' })).toBe(
      'strategy.kwargs.method_sell',
    );
  });

  it('takes a pair [model, dataset], and an expression', async () => {
    const dataset = {};
    const model = { predict: async (given: unknown) => (given === dataset ? signal : undefined) };
    const reports = await Promise.all([
      run(topk()),
      run(topk({ signal: [model, dataset] })),
      run(topk({ signal: '$close' })),
    ]);
    const report = (i: number) => reports[i]!.portfolio.get('1day')!.report;
    expect(report(1)).toEqual(report(0));
    expect(report(2)).not.toEqual(report(0));
  });
});

describe('NestedExecutor', () => {
  it('gives every level its own report of the same account', async () => {
    const result = await run(topk(), { executor: nested({ class: 'TWAPStrategy' }) });
    checkInvariants(result);
    expect([...result.portfolio.keys()]).toEqual(['1week', '1day']);
    const last = (freq: string) =>
      (result.portfolio.get(freq)!.report.columns[0]!.values as Float64Array).at(-1);
    expect(last('1week')).toBe(last('1day'));
  });

  it('splits an order evenly by TWAP', async () => {
    const { deals } = await run(topk({ n_drop: 0 }), { executor: nested({ class: 'TWAPStrategy' }) });
    const week = deals
      .filter((d) => d.order.instrument === deals[0]!.order.instrument)
      .map((d) => d.order.dealAmount);
    expect(week.length).toBe(5);
    for (const amount of week) expect(amount).toBeCloseTo(week[0]!, 6);
  });

  it('knows what share was filled, and at what advantage', async () => {
    const result = await run(topk(), { executor: nested({ class: 'TWAPStrategy' }) });
    for (const { ffr, pa } of result.indicators.get('1week')!.object.rows.slice(1)) {
      expect(ffr).toBeGreaterThan(0.9);
      expect(Math.abs(pa)).toBeLessThan(1e-3); // equal parts are dealt at the mean price
    }
  });
});

describe('FileOrderStrategy', () => {
  const table = (rows: readonly (readonly unknown[])[]): Table => ({
    kind: 'frame',
    index: [],
    columns: ['datetime', 'instrument', 'amount', 'direction'].map((label, j) => ({
      label,
      dtype: 'object',
      values: rows.map((row) => row[j]),
    })),
  });
  const orders = (rows: readonly (readonly unknown[])[]) =>
    run({ class: 'FileOrderStrategy', kwargs: { file: table(rows) } });

  it('places each order in its step', async () => {
    const { deals } = await orders([
      ['2020-01-08', 'B', 100, 'buy'],
      ['20200108', 'A', '50', 1],
      ['2020-01-10', 'A', 20, 'SELL'],
      ['2020-01-11', 'A', 20, 'sell'],
    ]);
    expect(
      deals.map(({ time, order }) => [formatTime(time), order.instrument, order.direction, order.dealAmount]),
    ).toEqual([
      ['2020-01-08', 'A', 'buy', 50],
      ['2020-01-08', 'B', 'buy', 100],
      ['2020-01-10', 'A', 'sell', 20],
    ]);
  });

  it('says which order is wrong', async () => {
    await expect(orders([['2020-01-08', 'B', 100, 'hold']])).rejects.toThrow(
      'the table of orders: order 1 is ["2020-01-08","B",100,"hold"]\n  a date, an instrument, an amount >= 0, and buy or sell are needed',
    );
  });

  it('says why an order was cut', async () => {
    const { deals } = await orders([
      ['2020-01-08', 'A', 1e9, 'buy'],
      ['2020-01-09', 'A', 1e9, 'sell'],
      ['2020-01-09', 'NOSUCH', 1, 'buy'],
    ]);
    expect(deals.map(({ refusal }) => refusal)).toEqual(['cash', 'holding', 'suspended']);
  });
});

describe('InfPosition', () => {
  it('has indicators but no report', async () => {
    const file = { kind: 'frame', index: [], columns: [] };
    await expect(run({ class: 'FileOrderStrategy', kwargs: { file } })).rejects.toThrow(UserError);
    const frame = {
      kind: 'frame',
      index: [],
      columns: [
        ['datetime', ['2020-01-08']],
        ['instrument', ['A']],
        ['amount', [1e9]],
        ['direction', ['sell']],
      ].map(([label, values]) => ({ label, dtype: 'object', values })),
    };
    const result = await run(
      { class: 'FileOrderStrategy', kwargs: { file: frame } },
      { pos_type: 'InfPosition' },
    );
    expect(result.deals.map(({ order }) => order.dealAmount)).toEqual([1e9]);
    expect(result.portfolio.size).toBe(0);
    expect(result.indicators.get('1day')!.object.rows.length).toBe(days.length);
  });

  it('is refused by strategies that look at what they hold', async () => {
    await expect(run(topk(), { pos_type: 'InfPosition' })).rejects.toMatchObject({
      problem: 'TopkDropoutStrategy needs to know what it holds, which pos_type InfPosition does not tell',
    });
  });
});
