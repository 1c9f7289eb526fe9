import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestOptions, normalBacktest } from '../../../components/backtest/run.ts';
import { formatTime } from '../../../components/core/dates.ts';
import { driftOf } from '../../../components/strategy/rebalance.ts';
import { testContext } from '../backtest/context.ts';
import { checkInvariants } from '../backtest/invariants.ts';
import { type Bars, market, scorePanel, weekdays } from '../backtest/market.ts';
import { randomMarkets } from '../backtest/markets.ts';

const days = weekdays('2020-01-01', 25); // Wednesday 2020-01-01 to Tuesday 2020-02-04
const flat = (price: number) => Array.from(days, () => price);

function run(
  strategy: string,
  kwargs: object,
  bars: Record<string, Bars>,
  scores: Record<string, (number | undefined)[]>,
  rest: Partial<BacktestOptions> = {},
) {
  return normalBacktest(testContext({ data: market(days, bars) }), {
    strategy: { class: strategy, kwargs: { signal: scorePanel(days, scores), topk: 2, ...kwargs } },
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

/** Days on which something was dealt, as dates. */
const dealDays = (result: Awaited<ReturnType<typeof run>>) => [
  ...new Set(result.deals.map((d) => formatTime(d.time))),
];

// every day other favourites, so that whoever may trade does
const names = ['A', 'B', 'C', 'D', 'E', 'F'];
const bars = Object.fromEntries(names.map((name) => [name, { close: flat(10) }]));
const scores = Object.fromEntries(
  names.map((name, i) => [name, Array.from(days, (_, day) => (i >> 1 === day % 3 ? 10 : 0) - i)]),
);

describe('rebalance of TopkDropoutStrategy', () => {
  it.each([
    ['week', ['2020-01-02', '2020-01-06', '2020-01-13', '2020-01-20', '2020-01-27', '2020-02-03']],
    ['month', ['2020-01-02', '2020-02-03']],
    [{ every: 10 }, ['2020-01-02', '2020-01-16', '2020-01-30']],
  ])('trades in the first step of each: %o', async (rebalance, dates) => {
    expect(dealDays(await run('TopkDropoutStrategy', { n_drop: 2, rebalance }, bars, scores))).toEqual(dates);
  });

  it('puts a step without scores off to the next one with some', async () => {
    const gap = Object.fromEntries(
      Object.entries(scores).map(([name, list]) => [
        name,
        list.map((x, day) => ([2, 3].includes(day) ? undefined : x)),
      ]),
    );
    // the step of 2020-01-06 looks at 01-03, that of 01-07 at 01-06
    expect(
      dealDays(await run('TopkDropoutStrategy', { n_drop: 2, rebalance: 'week' }, bars, gap)).slice(0, 2),
    ).toEqual(['2020-01-02', '2020-01-08']);
  });

  it('waits until enough of the holdings has fallen out of the best', async () => {
    const slow = {
      A: flat(9),
      B: flat(8),
      C: flat(7).map((x, day) => (day >= 5 ? 10 : x)),
      D: flat(1).map((x, day) => (day >= 10 ? 11 : x)),
    };
    const four = Object.fromEntries(Object.keys(slow).map((name) => [name, { close: flat(10) }]));
    // day 5: B falls out, half of the value; day 10: A too
    expect(
      dealDays(await run('TopkDropoutStrategy', { n_drop: 2, rebalance: { drift: 0.6 } }, four, slow)),
    ).toEqual([formatTime(days[1]!), formatTime(days[11]!)]);
    expect(
      dealDays(await run('TopkDropoutStrategy', { n_drop: 2, rebalance: { drift: 0.4 } }, four, slow)),
    ).toHaveLength(3);
  });

  it('is the same as every step where every step is due, in any market', async () => {
    await fc.assert(
      fc.asyncProperty(randomMarkets, async (m) => {
        const often = await run(
          'TopkDropoutStrategy',
          { n_drop: 1, rebalance: { every: 1 } },
          m.bars,
          m.scores,
        );
        const plain = await run('TopkDropoutStrategy', { n_drop: 1 }, m.bars, m.scores);
        expect(often.portfolio.get('1day')!.report).toEqual(plain.portfolio.get('1day')!.report);
        const weekly = await run('TopkDropoutStrategy', { n_drop: 1, rebalance: 'week' }, m.bars, m.scores);
        checkInvariants(weekly);
        expect(weekly.deals.length).toBeLessThanOrEqual(plain.deals.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe('rebalance of weight strategies', () => {
  it('leaves weights alone inside of the band', async () => {
    const moving = Object.fromEntries(
      names.map((name, i) => [name, { close: flat(10).map((p, day) => p * (1 + 0.01 * i) ** day) }]),
    );
    const steady = Object.fromEntries(names.map((name, i) => [name, flat(9 - i)]));
    const count = async (rebalance: unknown) =>
      dealDays(await run('SoftTopkStrategy', { rebalance }, moving, steady)).length;
    const [always, wide, week] = [await count('step'), await count({ drift: 0.5 }), await count('week')];
    expect(wide).toBe(1);
    expect(week).toBeLessThan(always);
  });
});

describe('driftOf', () => {
  it('is what has to be bought, or sold, whichever is more', () => {
    const target = new Map([
      ['B', 0.3],
      ['C', 0.4],
    ]);
    const held = new Map([
      ['A', 0.2],
      ['B', 0.5],
    ]);
    expect(driftOf(held, (name) => target.get(name) ?? 0, target.keys())).toBeCloseTo(0.4, 12);
    expect(driftOf(new Map(), (name) => target.get(name) ?? 0, target.keys())).toBeCloseTo(0.7, 12);
  });
});
