import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BacktestOptions,
  type BacktestResult,
  normalBacktest,
} from '../../../components/backtest/run.ts';
import { formatTime } from '../../../components/core/dates.ts';
import type { Panel } from '../../../components/core/panel.ts';
import { testContext } from './context.ts';
import { type Bars, market, scorePanel, weekdays } from './market.ts';
import { randomExchanges, randomMarkets } from './markets.ts';

const days = weekdays('2020-01-01', 25);

function options(signal: Panel, rest: Partial<BacktestOptions> & { kwargs?: object }): BacktestOptions {
  const { kwargs, ...others } = rest;
  return {
    strategy: { class: 'TopkDropoutStrategy', kwargs: { signal, topk: 3, n_drop: 1, ...kwargs } },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: formatTime(days[1]!),
    end_time: formatTime(days.at(-1)!),
    account: 1e6,
    benchmark: false,
    ...others,
  };
}

/** A market of instruments that move as told, all traded at 10 on the first day. */
function run(
  bars: Record<string, Bars>,
  scores: Record<string, number[]>,
  rest: Partial<BacktestOptions> & { kwargs?: object },
) {
  const signal = scorePanel(days, scores);
  return normalBacktest(testContext({ data: market(days, bars) }), options(signal, rest));
}

const flat = (price: number) => Array.from(days, () => price);
const held = (result: BacktestResult, day: number) => [
  ...result.portfolio.get('1day')!.positions.get(days[day]!)!.holdings.keys(),
];

describe('strict: true', () => {
  it('never holds more than topk, owes no cash and deals by the rules, in any market', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        randomExchanges,
        fc.record({
          topk: fc.integer({ min: 1, max: 4 }),
          n_drop: fc.integer({ min: 0, max: 3 }),
          risk_degree: fc.constantFrom(0.95, 1),
          hold_thresh: fc.constantFrom(1, 3),
          only_tradable: fc.boolean(),
          forbid_all_trade_at_limit: fc.boolean(),
        }),
        fc.constantFrom(1e3, 1e6),
        fc.constantFrom('None', 'cash'),
        async ({ bars, scores }, exchange_kwargs, kwargs, account, settle_type) => {
          const result = await run(bars, scores, {
            kwargs,
            exchange_kwargs,
            account,
            strict: true,
            executor: {
              class: 'SimulatorExecutor',
              kwargs: { time_per_step: 'day', generate_portfolio_metrics: true, settle_type },
            },
          });
          expect(result.strict).toBe(true);
          for (const position of result.portfolio.get('1day')!.positions.values()) {
            expect(position.holdings.size).toBeLessThanOrEqual(kwargs.topk);
            expect(position.cash()).toBeGreaterThanOrEqual(0);
          }
          for (const { order, value, cost } of result.deals) {
            const rate = order.direction === 'buy' ? exchange_kwargs.open_cost : exchange_kwargs.close_cost;
            if (value > 1e-5)
              expect(cost).toBeGreaterThanOrEqual(
                Math.max(exchange_kwargs.min_cost, value * rate) * (1 - 1e-12),
              );
            expect(order.dealAmount).toBeLessThanOrEqual(order.amount * (1 + 1e-9));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never holds more than topk where levels below execute its decisions, in any market', async () => {
    const executor = (trade_type: string) => ({
      class: 'NestedExecutor',
      kwargs: {
        time_per_step: 'week',
        inner_executor: {
          class: 'SimulatorExecutor',
          kwargs: { time_per_step: 'day', generate_portfolio_metrics: true, trade_type },
        },
        inner_strategy: { class: 'TWAPStrategy' },
      },
    });
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        randomExchanges,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('serial', 'parallel'),
        async ({ bars, scores }, exchange_kwargs, topk, n_drop, trade_type) => {
          const given = {
            kwargs: { topk, n_drop },
            exchange_kwargs,
            strict: true,
            executor: executor(trade_type),
          };
          const result = await run(bars, scores, given);
          for (const position of result.portfolio.get('1day')!.positions.values())
            expect(position.holdings.size).toBeLessThanOrEqual(topk);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('lets a purchase of a level below wait until a sale has freed its place', async () => {
    const bars = Object.fromEntries(['A', 'B'].map((name) => [name, { close: flat(10) }]));
    const scores = { A: flat(1).map((_, day) => (day < 6 ? 2 : 0)), B: flat(1) };
    const given = {
      kwargs: { topk: 1, n_drop: 1 },
      executor: {
        class: 'NestedExecutor',
        kwargs: {
          time_per_step: 'week',
          inner_executor: {
            class: 'SimulatorExecutor',
            kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
          },
          inner_strategy: { class: 'TWAPStrategy' },
        },
      },
    };
    const most = ({ portfolio }: BacktestResult) =>
      Math.max(...[...portfolio.get('1day')!.positions.values()].map(({ holdings }) => holdings.size));
    expect(most(await run(bars, scores, given))).toBe(2);
    const strict = await run(bars, scores, { ...given, strict: true });
    expect(most(strict)).toBe(1);
    expect(strict.deals.some(({ refusal }) => refusal === 'holdings limit')).toBe(true);
    expect([...[...strict.portfolio.get('1day')!.positions.values()].at(-1)!.holdings.keys()]).toEqual(['B']);
  });

  it('gives the same for a permuted market and account', async () => {
    await fc.assert(
      fc.asyncProperty(randomMarkets, randomExchanges, async ({ bars, scores }, exchange_kwargs) => {
        const turned = <T>(map: Readonly<Record<string, T>>) =>
          Object.fromEntries(Object.entries(map).reverse()) as Record<string, T>;
        const holdings = Object.fromEntries(
          Object.keys(bars).map((name) => [name, { amount: 1000, price: 10 }]),
        );
        const given = { exchange_kwargs, strict: true, kwargs: { topk: 2, n_drop: 1 } };
        const a = await run(bars, scores, { ...given, account: { cash: 1e5, ...holdings } });
        const b = await run(turned(bars), turned(scores), {
          ...given,
          account: { cash: 1e5, ...turned(holdings) },
        });
        const trades = ({ deals }: BacktestResult) =>
          deals.map(({ order, value, time }) => [time, order.instrument, order.direction, value]);
        expect(trades(b)).toEqual(trades(a));
      }),
      { numRuns: 40 },
    );
  });

  it('fills only the places that sales have freed, where qlib holds one more', async () => {
    const limit = { limit_threshold: 0.05, open_cost: 0, close_cost: 0, min_cost: 0 };
    const falling = flat(10).map((p, day) => (day === 3 ? p * 0.9 : day > 3 ? p * 0.9 : p));
    const bars = { A: { close: falling }, B: { close: flat(10) }, C: { close: flat(10) } };
    const scores = { A: flat(3).map((s, day) => (day >= 2 ? 0 : s)), B: flat(2), C: flat(1) };
    const given = { exchange_kwargs: limit, kwargs: { topk: 2, n_drop: 1 } };
    const loose = await run(bars, scores, given);
    const strict = await run(bars, scores, { ...given, strict: true });
    expect(held(loose, 3).sort()).toEqual(['A', 'B', 'C']);
    expect(held(strict, 3).sort()).toEqual(['A', 'B']);
    expect(held(strict, 4).sort()).toEqual(['B', 'C']);
  });

  it('sells what an account holds beyond topk', async () => {
    const bars = Object.fromEntries(['A', 'B', 'C', 'D', 'E'].map((name) => [name, { close: flat(10) }]));
    const scores = Object.fromEntries(Object.keys(bars).map((name, i) => [name, flat(9 - i)]));
    const account = {
      cash: 0,
      ...Object.fromEntries(Object.keys(bars).map((name) => [name, { amount: 100, price: 10 }])),
    };
    const strict = await run(bars, scores, {
      account,
      strict: true,
      kwargs: { topk: 2, n_drop: 1, hold_thresh: 0 },
    });
    expect(held(strict, 1).sort()).toEqual(['A', 'B']);
  });

  it('judges a limit at the opening by the opening', async () => {
    // closes 8 % up on day 2, opens unchanged: a limit of 5 % on $change forbids the purchase at the open, which was possible
    const close = flat(10).map((p, day) => (day >= 2 ? p * 1.08 : p));
    const open = flat(10).map((p, day) => (day >= 3 ? p * 1.08 : p));
    const bars = { A: { close, open }, B: { close: flat(5) } };
    const scores = { A: flat(0).map((_, day) => (day === 1 ? 1 : 0)), B: flat(-1) };
    const given = {
      exchange_kwargs: { limit_threshold: 0.05, deal_price: 'open' },
      kwargs: { topk: 1, n_drop: 1 },
      start_time: formatTime(days[2]!),
      end_time: formatTime(days[2]!),
    };
    const loose = await run(bars, scores, given);
    const strict = await run(bars, scores, { ...given, strict: true });
    expect(loose.deals).toEqual([]);
    expect(strict.deals.map(({ order, price }) => [order.instrument, price])).toEqual([['A', 10]]);
  });

  it('forbids a trade at an opening that is at the limit, though the close is not', async () => {
    const open = flat(10).map((p, day) => (day === 2 ? p * 1.06 : p));
    const bars = { A: { close: flat(10), open }, B: { close: flat(5) } };
    const scores = { A: flat(1), B: flat(-1) };
    const given = {
      exchange_kwargs: { limit_threshold: 0.05, deal_price: 'open' },
      kwargs: { topk: 1, n_drop: 1 },
      start_time: formatTime(days[2]!),
      end_time: formatTime(days[2]!),
    };
    expect((await run(bars, scores, given)).deals).toHaveLength(1);
    expect((await run(bars, scores, { ...given, strict: true })).deals).toHaveLength(0);
  });

  it('refuses a limit that looks at what the deal price can not know', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(5) } };
    const scores = { A: flat(1), B: flat(-1) };
    const exchange_kwargs = {
      limit_threshold: ['$close/Ref($close, 1) > 1.09', '$open < 0'],
      deal_price: 'open',
    };
    await expect(run(bars, scores, { exchange_kwargs, strict: true })).rejects.toMatchObject({
      problem:
        'limit_threshold "$close/Ref($close, 1) > 1.09" looks at $close, not known yet at the deal price $open',
      path: ['exchange_kwargs', 'limit_threshold'],
    });
  });

  it('deals nothing without a deal price, where qlib takes the close', async () => {
    const open = flat(10).map((p, day) => (day === 2 ? Number.NaN : p));
    const bars = { A: { close: flat(10), open }, B: { close: flat(5) } };
    const scores = { A: flat(1), B: flat(-1) };
    const given = {
      exchange_kwargs: { deal_price: 'open' },
      kwargs: { topk: 1, n_drop: 1 },
      start_time: formatTime(days[2]!),
      end_time: formatTime(days[2]!),
    };
    expect((await run(bars, scores, given)).deals.map((d) => d.refusal)).toEqual([null]);
    expect((await run(bars, scores, { ...given, strict: true })).deals.map((d) => d.refusal)).toEqual([
      'price',
    ]);
  });

  it('counts costs in the report of an outer level when the inner one makes none', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(5) } };
    const scores = { A: flat(1), B: flat(-1) };
    const executor = {
      class: 'NestedExecutor',
      kwargs: {
        time_per_step: 'week',
        generate_portfolio_metrics: true,
        inner_executor: { class: 'SimulatorExecutor', kwargs: { time_per_step: 'day' } },
        inner_strategy: { class: 'TWAPStrategy' },
      },
    };
    const totals = async (strict: boolean) => {
      const result = await run(bars, scores, { executor, strict, exchange_kwargs: { open_cost: 0.001 } });
      const { columns } = result.portfolio.get('1week')!.report;
      return (columns.find((c) => c.label === 'total_cost')!.values as Float64Array).at(-1)!;
    };
    expect(await totals(false)).toBe(0);
    expect(await totals(true)).toBeGreaterThan(900);
  });
});
