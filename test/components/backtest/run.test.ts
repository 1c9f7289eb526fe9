import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TradeDecision } from '../../../components/backtest/decision.ts';
import { Order } from '../../../components/backtest/order.ts';
import { type BacktestOptions, normalBacktest } from '../../../components/backtest/run.ts';
import type { Level, Strategy } from '../../../components/backtest/strategy.ts';
import { formatTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import type { Panel } from '../../../components/core/panel.ts';
import { testContext } from './context.ts';
import { checkInvariants } from './invariants.ts';
import { type Bars, market, scorePanel, weekdays } from './market.ts';
import { randomMarkets } from './markets.ts';

const days = weekdays('2020-01-01', 25);
const [first, last] = [formatTime(days[1]!), formatTime(days.at(-1)!)];

function options(
  kwargs: Partial<BacktestOptions> & { signal?: unknown; topk?: number; n_drop?: number },
): BacktestOptions {
  const { signal, topk = 3, n_drop = 1, ...rest } = kwargs;
  return {
    strategy: { class: 'TopkDropoutStrategy', kwargs: { signal, topk, n_drop } },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: first,
    end_time: last,
    account: 1e6,
    benchmark: false,
    exchange_kwargs: { open_cost: 0.001, close_cost: 0.002, min_cost: 5 },
    ...rest,
  };
}

const exchanges = fc.record({
  limit_threshold: fc.constantFrom(null, 0.05, 0.1),
  trade_unit: fc.constantFrom(null, 1, 100),
  min_cost: fc.constantFrom(0, 5, 500),
  impact_cost: fc.constantFrom(0, 0.1),
  volume_threshold: fc.constantFrom(null, ['cum', '$volume'], ['current', '$volume']),
});

describe('normalBacktest', () => {
  it('balances its books, owes no cash and trades nothing that is suspended or at its limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        exchanges,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (m, exchange, topk, n_drop) => {
          const context = testContext({ data: market(days, m.bars) });
          const run = await normalBacktest(
            context,
            options({
              signal: scorePanel(days, m.scores),
              topk,
              n_drop,
              exchange_kwargs: { open_cost: 0.001, close_cost: 0.002, ...exchange },
            }),
          );
          checkInvariants(run);
          for (const { order, time } of run.deals.filter((deal) => deal.value > 0)) {
            const day = days.indexOf(time);
            const { close } = m.bars[order.instrument]!;
            expect(Number.isNaN(close[day] ?? Number.NaN)).toBe(false);
            const change = Math.fround(close[day]! / close[day - 1]! - 1);
            const { limit_threshold: limit } = exchange;
            if (limit !== null && !Number.isNaN(change)) expect(Math.abs(change)).toBeLessThan(limit);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same for permuted input', async () => {
    await fc.assert(
      fc.asyncProperty(randomMarkets, async ({ bars, scores }) => {
        const names = Object.keys(bars).reverse();
        const turned = Object.fromEntries(names.map((name) => [name, bars[name]!]));
        const signal = scorePanel(days, scores);
        const table = reversedTable(signal);
        const [a, b] = await Promise.all([
          normalBacktest(testContext({ data: market(days, bars) }), options({ signal })),
          normalBacktest(testContext({ data: market(days, turned) }), options({ signal: table })),
        ]);
        expect(b.portfolio.get('1day')!.report).toEqual(a.portfolio.get('1day')!.report);
      }),
      { numRuns: 30 },
    );
  });

  it('knows nothing of tomorrow: other prices behind a day change nothing up to it', async () => {
    await fc.assert(
      fc.asyncProperty(randomMarkets, fc.integer({ min: 3, max: 20 }), async ({ bars, scores }, day) => {
        const other = Object.fromEntries(
          Object.entries(bars).map(([name, b]) => [
            name,
            { ...b, close: b.close.map((x, i) => (i > day ? x * 1.07 : x)) },
          ]),
        );
        const signal = scorePanel(days, scores);
        const report = async (data: Readonly<Record<string, Bars>>) => {
          const run = await normalBacktest(testContext({ data: market(days, data) }), options({ signal }));
          return run.portfolio
            .get('1day')!
            .report.columns.map((c) => Array.from(c.values as Float64Array).slice(0, day));
        };
        expect(await report(other)).toEqual(await report(bars));
      }),
      { numRuns: 30 },
    );
  });

  const flatMarket = () =>
    market(days, { A: { close: Array.from(days, () => 10) }, B: { close: Array.from(days, () => 20) } });
  const signal = () => scorePanel(days, { A: Array.from(days, () => 1), B: Array.from(days, () => 2) });

  it('ends on the last day of the calendar', async () => {
    const run = await normalBacktest(
      testContext({ data: flatMarket() }),
      options({ signal: signal(), topk: 1 }),
    );
    const times = run.portfolio.get('1day')!.report.index[0]!.values as Float64Array;
    expect(formatTime(times.at(-1)!)).toBe(last);
  });

  it('compares a change with the limit in float32, as numpy does', async () => {
    // np.float32(0.01) >= np.float64(0.01) is False, but pd.Series([0.01], dtype='float32').ge(0.01) is True
    const close = Array.from(days, (_, i) => (i % 2 === 0 ? 100 : 101));
    const run = await normalBacktest(testContext({ data: market(days, { A: { close } }) }), {
      ...options({ signal: scorePanel(days, { A: close }), topk: 1 }),
      start_time: formatTime(days[1]!),
      exchange_kwargs: { limit_threshold: 0.01 },
    });
    const traded = run.deals.map(({ time }) => days.indexOf(time));
    expect(traded[0]).toBe(2);
    expect(traded.filter((day) => day % 2 === 1)).toEqual([]);
  });

  it('refuses what a strategy asks for without having named it', async () => {
    let level: Level;
    const own: Strategy = {
      prepare: async () => new Set(['A']),
      reset: (given) => void (level = given),
      decide() {
        const { start, end } = level.calendar.stepTime();
        return new TradeDecision([new Order('B', 100, 'buy', start, end)], { start, end });
      },
    };
    const run = normalBacktest(testContext({ data: flatMarket() }), {
      ...options({ signal: signal(), topk: 1 }),
      strategy: own,
    });
    await expect(run).rejects.toThrow('a strategy asks for B, which its `prepare` did not name');
  });

  it('drops nothing with n_drop 0', async () => {
    const run = await normalBacktest(
      testContext({ data: flatMarket() }),
      options({ signal: signal(), topk: 1, n_drop: 0 }),
    );
    expect(run.deals.map(({ order }) => [order.direction, order.instrument])).toEqual([['buy', 'B']]);
  });

  it('counts a step held by the frequency of its level', async () => {
    const run = await normalBacktest(
      testContext({ data: flatMarket() }),
      options({ signal: signal(), topk: 1 }),
    );
    expect(
      [...run.portfolio.get('1day')!.positions.values()].map((p) => p.holdings.get('B')!.counts['day']),
    ).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  const failure = async (changed: Partial<BacktestOptions>) => {
    try {
      await normalBacktest(testContext({ data: flatMarket() }), options({ signal: signal(), ...changed }), [
        'config',
      ]);
    } catch (error) {
      if (error instanceof UserError) return `${error.path.join('.')}: ${error.problem}`;
      throw error;
    }
    return undefined;
  };

  it('has base prices of a nested step where there was an order in it, as qlib', async () => {
    const signal = scorePanel(
      days,
      Object.fromEntries(['A', 'B'].map((name) => [name, Array.from(days, () => 1)])),
    );
    const bars: Record<string, Bars> = Object.fromEntries(
      ['A', 'B'].map((name) => [name, { close: Array.from(days, () => 10) }]),
    );
    const inner = { class: 'SimulatorExecutor', kwargs: { time_per_step: 'day' } };
    const executor = {
      class: 'NestedExecutor',
      kwargs: { time_per_step: 'week', inner_executor: inner, inner_strategy: { class: 'TWAPStrategy' } },
    };
    const { indicators } = await normalBacktest(
      testContext({ data: market(days, bars) }),
      options({ signal, topk: 2, n_drop: 0, executor }),
    );
    const steps = [...indicators.get('1week')!.object.orders.values()];
    expect(
      steps.map((step) => [step.get('inner_amount')!.size, step.has('base_price'), step.has('pa')]),
    ).toEqual([[2, true, true], ...steps.slice(1).map(() => [0, false, true])]);
  });

  it('says what is wrong and where', async () => {
    expect(await failure({ end_time: '2019-12-31' })).toBe(
      'config.end_time: end_time 2019-12-31 lies before start_time 2020-01-02',
    );
    expect(await failure({ start_time: null })).toBe('config.start_time: start_time is missing');
    expect(await failure({ benchmark: 'NOSUCH' })).toBe(
      'config.benchmark: the benchmark "NOSUCH" has no data in the time of the backtest',
    );
    expect(await failure({ benchmark: null })).toBe(
      'config.benchmark: the benchmark SH000300 (what no benchmark means in qlib) has no data in the time of the backtest',
    );
    expect(await failure({ account: { A: 5 } })).toBe('config.account: account has no cash');
    expect(await failure({ account: { cash: 5, A: 'x' } })).toBe('config.account.A: account holds "x" of A');
    expect(await failure({ pos_type: 'Positon' })).toBe('config.pos_type: unknown position type "Positon"');
    expect(await failure({ exchange_kwargs: { deal_prise: 'open' } })).toBe(
      'config.exchange_kwargs.deal_prise: unknown exchange argument "deal_prise"',
    );
  });

  it('warns of an odd topk or n_drop', async () => {
    const warnings: string[] = [];
    const context = testContext({ data: flatMarket(), log: { warn: (line) => void warnings.push(line) } });
    await normalBacktest(context, options({ signal: signal(), topk: 5, n_drop: 9 }));
    expect(warnings).toEqual([
      'n_drop 9 is larger than topk 5',
      'topk 5 is larger than the 2 instruments with a score',
    ]);
  });

  it('gives holdings without a price the last close before the start', async () => {
    const closes = Array.from(days, (_, i) => 10 + i);
    const data = market(days, { A: { close: closes }, B: { close: closes } });
    const account = { cash: 1000, A: 10, B: { amount: 5, price: 3 } };
    const empty = scorePanel(days, { A: Array.from(days, () => undefined), B: [] });
    const run = await normalBacktest(
      testContext({ data }),
      options({ signal: empty, account, start_time: days[4]!, end_time: days[4]! }),
    );
    const [only] = run.portfolio.get('1day')!.positions.values();
    expect(only!.holdings.get('A')).toMatchObject({ amount: 10, price: 14 });
    expect(only!.value()).toBe(1000 + 15 * 14);
  });
});

/** The same rows as a table with index (instrument, datetime) in another order. */
function reversedTable({ index, columns }: Panel) {
  const order = Array.from(index.codes.keys()).reverse();
  const times = index.timeCodes();
  const level = (name: string, values: readonly unknown[], dtype: 'object' | 'datetime64[ns]') => ({
    name,
    dtype,
    values,
    codes: null,
  });
  return {
    kind: 'series' as const,
    name: 'score',
    dtype: 'float64' as const,
    index: [
      level(
        'instrument',
        order.map((row) => index.instruments[index.codes[row]!]),
        'object',
      ),
      level(
        'datetime',
        order.map((row) => index.times[times[row]!]),
        'datetime64[ns]',
      ),
    ],
    values: Float64Array.from(order, (row) => columns[0]!.values[row]!),
  };
}
