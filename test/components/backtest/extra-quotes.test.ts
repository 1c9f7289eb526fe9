import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Exchange } from '../../../components/backtest/exchange.ts';
import { readExchangeOptions } from '../../../components/backtest/exchange-options.ts';
import { type BacktestOptions, normalBacktest } from '../../../components/backtest/run.ts';
import { regions } from '../../../components/core/context.ts';
import { formatTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { testContext } from './context.ts';
import { market, scorePanel, weekdays } from './market.ts';

const days = weekdays('2020-01-01', 8);
const flat = (price: number) => Array.from(days, () => price);
const data = market(days, { A: { close: flat(10) }, B: { close: flat(20) } });
const signal = scorePanel(days, { A: flat(1), B: flat(2), X: flat(3) });

function run(exchange_kwargs: Record<string, unknown>, rest: Partial<BacktestOptions> = {}) {
  const warnings: string[] = [];
  const log = { warn: (line: string) => void warnings.push(line) };
  return normalBacktest(testContext({ data, log }), {
    strategy: { class: 'TopkDropoutStrategy', kwargs: { signal, topk: 1, n_drop: 1 } },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: days[1],
    end_time: days.at(-2),
    account: 1e5,
    benchmark: false,
    exchange_kwargs,
    ...rest,
  }).then((result) => ({ ...result, warnings }));
}

const bought = ({ deals }: { deals: Awaited<ReturnType<typeof normalBacktest>>['deals'] }) =>
  deals.map(({ order, time, price }) => [formatTime(time), order.instrument, order.dealAmount, price]);

/** A CSV of X's bars: close 50 + day, on the fourth day not to be bought. */
function extraFile(folder: string): string {
  const rows = Array.from(days, (day, i) => `X,${formatTime(day)},${50 + i},${i < 3}`);
  const file = join(folder, 'extra.csv');
  writeFileSync(file, ['instrument,datetime,$close,limit_buy', ...rows].join('\n'));
  return file;
}

describe('extra_quote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'extra-'));
  const file = extraFile(folder);

  it('adds instruments that the data lack, with their own limits, the close as deal price and a factor of 1', async () => {
    const costs = { open_cost: 0, close_cost: 0, min_cost: 0 };
    const result = await run({ ...costs, extra_quote: file, deal_price: '$open' });
    const [first] = bought(result);
    expect(first).toEqual([formatTime(days[3]!), 'X', Math.floor(95000 / 53), 53]);
  });

  it('must hold a close, and nothing that the exchange has', async () => {
    const wrong = join(folder, 'wrong.csv');
    writeFileSync(wrong, 'instrument,datetime,$open\nX,2020-01-02,1');
    await expect(run({ extra_quote: wrong })).rejects.toThrow(
      'extra_quote has the columns $open\n  $close is needed',
    );
    const twice = join(folder, 'twice.csv');
    writeFileSync(twice, 'instrument,datetime,$close\nA,2020-01-02,1');
    const problem = await run({ extra_quote: twice }).catch((error: unknown) => error as UserError);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as UserError).path).toEqual(['exchange_kwargs', 'extra_quote']);
    expect((problem as UserError).problem).toBe('extra_quote holds A, of which the exchange has quotes');
    await expect(run({ extra_quote: 7 })).rejects.toThrow('extra_quote is 7');
    rmSync(folder, { recursive: true });
  });
});

describe('exchange_kwargs.exchange', () => {
  const spec = (kwargs: object) => ({ class: 'Exchange', module_path: 'qlib.backtest.exchange', kwargs });

  it('is an exchange by class, and what stands beside it counts for nothing', async () => {
    const kwargs = { codes: ['A'], open_cost: 0.01, min_cost: 0 };
    const direct = await run(kwargs);
    const named = await run({ exchange: spec(kwargs), open_cost: 0.5 });
    expect(bought(named)).toEqual(bought(direct));
    expect(named.warnings.join()).toContain(
      'exchange_kwargs.exchange is given: as in qlib, open_cost beside it',
    );
  });

  it('may be made already', async () => {
    const context = testContext({ data });
    const options = readExchangeOptions({ codes: ['A'], min_cost: 0 }, regions['us']!);
    const exchange = await Exchange.load(context, options, undefined);
    expect(bought(await run({ exchange }))).toEqual(bought(await run({ codes: ['A'], min_cost: 0 })));
  });

  it('is refused where it is no exchange', async () => {
    await expect(run({ exchange: { class: 'Market' } })).rejects.toThrow('exchange is {"class":"Market"}');
    await expect(run({ exchange: spec({ open_costs: 1 }) })).rejects.toThrow(
      'unknown exchange argument "open_costs"',
    );
  });
});
