import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BacktestOptions,
  type BacktestResult,
  normalBacktest,
} from '../../../components/backtest/run.ts';
import { dayMs, formatTime } from '../../../components/core/dates.ts';
import { testContext } from './context.ts';
import { checkInvariants } from './invariants.ts';
import { type Bars, market, scorePanel, weekdays } from './market.ts';
import { randomExchanges, randomMarkets } from './markets.ts';

const days = weekdays('2020-01-01', 25);

function run(
  bars: Record<string, Bars>,
  scores: Record<string, number[]>,
  { kwargs, ...rest }: Partial<BacktestOptions> & { kwargs?: object },
): Promise<BacktestResult> {
  return normalBacktest(testContext({ data: market(days, bars) }), {
    strategy: {
      class: 'TopkDropoutStrategy',
      kwargs: { signal: scorePanel(days, scores), topk: 3, n_drop: 1, ...kwargs },
    },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: formatTime(days[1]!),
    end_time: formatTime(days.at(-1)!),
    account: 1e6,
    benchmark: false,
    exchange_kwargs: { open_cost: 0, close_cost: 0, min_cost: 0 },
    ...rest,
  });
}

const flat = (price: number) => Array.from(days, () => price);
const dealsOf = ({ deals }: BacktestResult) =>
  deals.map(({ order, time, refusal }) => [
    days.indexOf(time),
    order.direction,
    order.instrument,
    order.dealAmount,
    refusal,
  ]);

describe('declared limits', () => {
  it('hold for every purchase and every day, in any market', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        randomExchanges,
        fc.record({
          position: fc.constantFrom(0.1, 0.25, null),
          group: fc.constantFrom(0.3, null),
          turnover: fc.constantFrom(0.2, 0.5, null),
        }),
        fc.boolean(),
        async ({ bars, scores }, exchange_kwargs, limits, strict) => {
          const groups = Object.fromEntries(Object.keys(bars).map((name, i) => [name, `G${i % 3}`]));
          const result = await run(bars, scores, {
            exchange_kwargs,
            strict,
            limits: { ...limits, groups },
            kwargs: { topk: 3, n_drop: 2 },
          });
          checkInvariants(result);
          const { report } = result.portfolio.get('1day')!;
          const account = report.columns.find((c) => c.label === 'account')!.values as Float64Array;
          const times = [...(report.index[0]!.values as Float64Array)];
          const traded = new Map<number, number>();
          for (const { time, value } of result.deals) traded.set(time, (traded.get(time) ?? 0) + value);
          for (const [time, sum] of traded)
            if (limits.turnover !== null) {
              const before = account[times.indexOf(time) - 1] ?? 1e6;
              expect(sum).toBeLessThanOrEqual(limits.turnover * before * (1 + 1e-6) + 1e-6);
            }
          let step = Number.NaN;
          let gained = 0;
          for (const { order, value, time, price } of result.deals) {
            if (!(value > 0)) continue;
            if (time !== step) gained = 0;
            step = time;
            const yesterday = times[times.indexOf(time) - 1];
            if (order.direction === 'sell') {
              const { holdings } = result.portfolio.get('1day')!.positions.get(yesterday!)!;
              gained += order.dealAmount * (price - holdings.get(order.instrument)!.price);
              continue;
            }
            // the account's value at the deal: that of the step before, with what the sales before it brought above the last close
            const worth = (yesterday === undefined ? 1e6 : account[times.indexOf(yesterday)]!) + gained;
            const most = Math.min(limits.position ?? 1, limits.group ?? 1);
            expect(value).toBeLessThanOrEqual(most * worth * (1 + 1e-6) + 1e-6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say which of them cut an order', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(10) }, C: { close: flat(10) } };
    const scores = { A: flat(3), B: flat(2), C: flat(1) };
    const one = { start_time: formatTime(days[2]!), end_time: formatTime(days[2]!) };
    const asked = { ...one, kwargs: { topk: 2, n_drop: 1 } };
    expect(dealsOf(await run(bars, scores, { ...asked, limits: { position: 0.1 } }))).toEqual([
      [2, 'buy', 'A', 10000, 'position limit'],
      [2, 'buy', 'B', 10000, 'position limit'],
    ]);
    expect(
      dealsOf(await run(bars, scores, { ...asked, limits: { group: 0.6, groups: { A: 'x', B: 'x' } } })),
    ).toEqual([
      [2, 'buy', 'A', 47500, null],
      [2, 'buy', 'B', 12500, 'group limit'],
    ]);
    expect(dealsOf(await run(bars, scores, { ...asked, limits: { turnover: 0.5 } }))).toEqual([
      [2, 'buy', 'A', 47500, null],
      [2, 'buy', 'B', 2500, 'turnover limit'],
    ]);
  });

  it('hold no more instruments than allowed', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(10) }, C: { close: flat(10) } };
    const scores = { A: flat(3), B: flat(2), C: flat(1) };
    const day = { start_time: formatTime(days[2]!), end_time: formatTime(days[2]!) };
    const given = { ...day, kwargs: { topk: 3 }, limits: { holdings: 2 } };
    expect(dealsOf(await run(bars, scores, given)).map((deal) => deal.at(-1))).toEqual([
      null,
      null,
      'holdings limit',
    ]);
  });

  it('close what has lost too much since its purchase, and wait', async () => {
    const falling = flat(10).map((p, day) => (day >= 5 ? p * 0.85 : p));
    const bars = { A: { close: falling }, B: { close: flat(10) }, C: { close: flat(10) } };
    const scores = { A: flat(3), B: flat(2), C: flat(1) };
    const result = await run(bars, scores, {
      kwargs: { topk: 1, n_drop: 1 },
      start_time: formatTime(days[2]!),
      end_time: formatTime(days[10]!),
      limits: { stop_loss: 0.1, cooldown: 2 },
    });
    expect(dealsOf(result).slice(0, 5)).toEqual([
      [2, 'buy', 'A', 95000, null],
      [6, 'sell', 'A', 95000, null],
      [7, 'buy', 'A', 0, 'stop loss'],
      [8, 'buy', 'A', 0, 'stop loss'],
      [9, 'buy', 'A', 95838, null],
    ]);
  });

  it('cut back what prices have carried above them, unless told not to', async () => {
    // 25 % of 1e6 are 25000 shares; at 16 they are 400000 of 1150000, of which 287500 may stay: 17968 shares
    const rising = flat(10).map((p, day) => (day >= 5 ? 1.6 * p : p));
    const bars = { A: { close: rising }, B: { close: flat(10) }, C: { close: flat(10) } };
    const scores = { A: flat(3), B: flat(2), C: flat(1) };
    const two = (limits: object) =>
      run(bars, scores, {
        kwargs: { topk: 1, n_drop: 1 },
        start_time: formatTime(days[2]!),
        end_time: formatTime(days[8]!),
        limits,
      });
    const trimmed = dealsOf(await two({ position: 0.25 }));
    expect(trimmed).toEqual([
      [2, 'buy', 'A', 25000, 'position limit'],
      [6, 'sell', 'A', 7032, null],
    ]);
    expect(dealsOf(await two({ group: 0.25, groups: { A: 'x', B: 'x' } }))[1]).toEqual([
      6,
      'sell',
      'A',
      7032,
      null,
    ]);
    expect(dealsOf(await two({ position: 0.25, trim: false }))).toHaveLength(1);
  });

  it('leave no more to be sold than is held after a cut of less than a hundred-thousandth', async () => {
    const rising = flat(10).map((p, day) => (day >= 3 ? p * (1 + 1e-6) : p));
    const bars = { A: { close: rising }, B: { close: flat(10) } };
    const scores = { A: flat(2).map((s, day) => (day < 3 ? s : 0)), B: flat(1) };
    const { deals } = await run(bars, scores, {
      kwargs: { topk: 1, n_drop: 1 },
      exchange_kwargs: { open_cost: 0, close_cost: 0, min_cost: 0, trade_unit: null },
      end_time: formatTime(days[4]!),
      limits: { position: 0.25 },
    });
    const sales = deals.filter(({ order }) => order.direction === 'sell' && order.instrument === 'A');
    expect(sales).toHaveLength(2);
    expect(sales[0]!.order.dealAmount).toBeGreaterThan(0.01);
    expect(sales[0]!.order.dealAmount + sales[1]!.order.dealAmount).toBe(25000);
  });

  it('count what rounding to a unit forgives', async () => {
    // 10 % of 1e6 are 10752.95 shares, which qlib rounds to 10753
    const price = 1e5 / 10752.95;
    const bars = { A: { close: flat(price) }, B: { close: flat(10) } };
    const [deal] = (
      await run(
        bars,
        { A: flat(2), B: flat(1) },
        {
          kwargs: { topk: 1 },
          exchange_kwargs: { open_cost: 0, close_cost: 0, min_cost: 0, trade_unit: 1 },
          end_time: formatTime(days[2]!),
          limits: { position: 0.1 },
        },
      )
    ).deals;
    expect(deal!.order.dealAmount).toBeCloseTo(10752, 6);
    expect(deal!.refusal).toBe('position limit');
  });

  it('hold at the prices that each step began with, in any market', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        fc.constantFrom(0.1, 0.25, 0.5),
        fc.constantFrom(null, 0.4),
        async ({ bars, scores }, position, group) => {
          const groups = Object.fromEntries(Object.keys(bars).map((name, i) => [name, `G${i % 2}`]));
          const limits = { position, group, groups };
          const result = await run(bars, scores, { limits, exchange_kwargs: { trade_unit: null } });
          const { positions } = result.portfolio.get('1day')!;
          let before: Map<string, number> | undefined;
          for (const [time, { holdings }] of positions) {
            const open = (name: string) => !Number.isNaN(bars[name]!.close[days.indexOf(time)] ?? Number.NaN);
            const prices = before;
            before = new Map([...holdings].map(([name, { price }]) => [name, price]));
            if (!prices || ![...holdings.keys()].every(open)) continue;
            const earlier = positions.get(days[days.indexOf(time) - 1]!)!;
            const inGroup = new Map<string, number>();
            for (const [name, { amount }] of holdings) {
              // what was bought in the step is bound at its own price
              if (amount > earlier.amount(name)) continue;
              const worth = amount * prices.get(name)!;
              expect(worth).toBeLessThanOrEqual(position * earlier.value() * (1 + 1e-6));
              inGroup.set(groups[name]!, (inGroup.get(groups[name]!) ?? 0) + worth);
            }
            for (const worth of inGroup.values())
              if (group !== null) expect(worth).toBeLessThanOrEqual(group * earlier.value() * (1 + 1e-6));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuse what can not be meant', async () => {
    const bars = { A: { close: flat(10) } };
    const problem = (limits: unknown) =>
      run(bars, { A: flat(1) }, { limits, kwargs: { topk: 1 } }).catch(
        (e: { problem: string; path: unknown }) => [e.problem, e.path],
      );
    expect(await problem({ positions: 0.1 })).toEqual(['unknown limit "positions"', ['limits', 'positions']]);
    expect(await problem({ position: -1 })).toEqual(['position is -1', ['limits', 'position']]);
    expect(await problem({ group: 0.1 })).toEqual(['a group limit needs groups', ['limits', 'groups']]);
  });
});

describe('signed positions', () => {
  const longShort = (kwargs: object, rest: Partial<BacktestOptions> = {}) => ({
    kwargs: {},
    pos_type: 'SignedPosition',
    ...rest,
    strategyKwargs: kwargs,
  });
  const runLS = (
    bars: Record<string, Bars>,
    scores: Record<string, number[]>,
    { strategyKwargs, ...rest }: ReturnType<typeof longShort>,
  ) =>
    run(bars, scores, {
      ...rest,
      strategy: {
        class: 'LongShortTopkStrategy',
        kwargs: { signal: scorePanel(days, scores), ...strategyKwargs },
      },
    });

  it('balance their books, keep the margin and owe no more than fees, in any market', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomMarkets,
        randomExchanges,
        fc.constantFrom('step', 'week', { every: 3 }, { drift: 0.2 }),
        fc.constantFrom(0.4, 0.5, 1),
        async ({ bars, scores }, exchange_kwargs, rebalance, margin_ratio) => {
          const result = await runLS(
            bars,
            scores,
            longShort(
              { topk: 2, rebalance },
              { exchange_kwargs, strict: true, short_selling: { margin_ratio, borrow_rate: 0.05 } },
            ),
          );
          const { report, positions } = result.portfolio.get('1day')!;
          const column = (label: string) =>
            report.columns.find((c) => c.label === label)!.values as Float64Array;
          const fees = [...positions.values()].reduce((sum, p) => sum + p.shortValue() * (0.05 / 365) * 3, 0);
          for (const [i, position] of [...positions.values()].entries()) {
            let stocks = 0;
            for (const { amount, price } of position.holdings.values()) stocks += amount * price;
            expect(Math.abs(stocks + position.cash() - column('account')[i]!)).toBeLessThan(1e-6);
            expect(position.cash()).toBeGreaterThanOrEqual(-fees - 1e-6);
          }
          const paid = result.deals.reduce((sum, deal) => sum + (deal.cost || 0), 0);
          expect(column('total_cost').at(-1)!).toBeGreaterThanOrEqual(paid - 1e-6);
          expect(column('total_cost').at(-1)!).toBeLessThanOrEqual(paid + fees + 1e-6);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('earn from what falls, pay for borrowing by calendar day', async () => {
    const falling = flat(10).map((p, day) => p * 0.99 ** Math.max(0, day - 2));
    const bars = { A: { close: flat(10) }, B: { close: falling } };
    const scores = { A: flat(1), B: flat(-1) };
    const result = await runLS(
      bars,
      scores,
      longShort(
        { topk: 1, long_exposure: 0.5, short_exposure: 0.5, rebalance: { every: 100 } },
        {
          start_time: formatTime(days[2]!),
          end_time: formatTime(days[4]!),
          short_selling: { borrow_rate: 0.365 },
        },
      ),
    );
    expect(dealsOf(result)).toEqual([
      [2, 'buy', 'A', 50000, null],
      [2, 'sell', 'B', 50000, null],
    ]);
    const { report, positions } = result.portfolio.get('1day')!;
    // 2020-01-03 was a Friday: three days of fees, then one each
    const shorts = [500000, 495000, 490050];
    const fee = [3, 1, 1].map((count, i) => 0.001 * count * shorts[i]!);
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    const account = report.columns.find((c) => c.label === 'account')!.values as Float64Array;
    expect(days[3]! - days[2]!).toBe(3 * dayMs);
    expect(account.at(-1)).toBeCloseTo(1e6 + (500000 - 490050) - sum(fee), 1);
    expect(positions.get(days[4]!)!.amount('B')).toBe(-50000);
  });

  it('open no more than the margin allows', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(10) } };
    const scores = { A: flat(1), B: flat(-1) };
    const result = await runLS(
      bars,
      scores,
      longShort(
        { topk: 1 },
        {
          start_time: formatTime(days[2]!),
          end_time: formatTime(days[2]!),
          short_selling: { margin_ratio: 1, borrow_rate: 0 },
        },
      ),
    );
    expect(dealsOf(result)).toEqual([
      [2, 'buy', 'A', 95000, null],
      [2, 'sell', 'B', 5000, 'margin'],
    ]);
  });

  it('are reduced by a margin call, and closed where no equity is left', async () => {
    const jump = (to: number) => flat(10).map((p, day) => (day >= 4 ? to : p));
    const scores = { A: flat(1), B: flat(-1) };
    const at = async (to: number) => {
      const result = await runLS(
        { A: { close: flat(10) }, B: { close: jump(to) } },
        scores,
        longShort(
          { topk: 1, rebalance: { every: 100 } },
          {
            start_time: formatTime(days[2]!),
            end_time: formatTime(days[6]!),
            short_selling: { borrow_rate: 0 },
          },
        ),
      );
      return dealsOf(result).slice(2);
    };
    // equity 1e6 - 95000 x 5 = 525000, gross 2375000: below a quarter; back to a half
    expect(await at(15)).toEqual([
      [5, 'sell', 'A', 53000, null],
      [5, 'buy', 'B', 53000, null],
    ]);
    expect((await at(25)).slice(0, 2).map(([day, side, name, amount]) => [day, side, name, amount])).toEqual([
      [5, 'sell', 'A', 95000],
      [5, 'buy', 'B', 78000],
    ]);
  });

  it('are needed by LongShortTopkStrategy', async () => {
    const bars = { A: { close: flat(10) }, B: { close: flat(10) } };
    const failing = runLS(
      bars,
      { A: flat(1), B: flat(-1) },
      { ...longShort({ topk: 1 }), pos_type: 'Position' },
    );
    await expect(failing).rejects.toMatchObject({
      problem: 'LongShortTopkStrategy sells short, which this position does not allow',
    });
  });
});
