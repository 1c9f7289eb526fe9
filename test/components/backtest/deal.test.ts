import { describe, expect, it } from 'vitest';
import { benchmarkReturn } from '../../../components/backtest/benchmark.ts';
import { dealOrder } from '../../../components/backtest/deal.ts';
import { Exchange } from '../../../components/backtest/exchange.ts';
import { readExchangeOptions } from '../../../components/backtest/exchange-options.ts';
import { type Direction, Order } from '../../../components/backtest/order.ts';
import { Position } from '../../../components/backtest/position.ts';
import { regions } from '../../../components/core/context.ts';
import { testContext } from './context.ts';
import { market, weekdays } from './market.ts';

const days = weekdays('2020-01-06', 10); // a Monday
const [monday, friday] = [days[0]!, days[4]!];
const second = 1000;

async function open(kwargs: Record<string, unknown> = {}, universe?: ReadonlySet<string>) {
  const closes = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
  const data = market(days, {
    A: { close: closes, factor: closes.map(() => 0.5), volume: closes.map(() => 1000) },
    // suspended on Wednesday and on Friday
    B: { close: closes.map((x, i) => (i === 2 || i === 4 ? Number.NaN : x)) },
    // no factor on one day
    ...(kwargs['lacksFactor'] ? { C: { close: closes, factor: closes.slice(1) } } : {}),
  });
  const { lacksFactor, ...rest } = kwargs;
  const options = readExchangeOptions(
    { open_cost: 0.001, close_cost: 0.002, min_cost: 5, ...rest },
    regions['us']!,
  );
  return Exchange.load(testContext({ data }), options, universe);
}

function deal(
  exchange: Exchange,
  direction: Direction,
  amount: number,
  position: Position,
  instrument = 'A',
) {
  const order = new Order(instrument, amount, direction, monday, days[1]! - second);
  return dealOrder(exchange, order, position);
}
const holding = (amount: number) => new Position(1000, [['A', { amount, price: 10, weight: 0, counts: {} }]]);

describe('dealOrder', () => {
  it('charges a rate of the value, at least min_cost, and nothing of nothing', async () => {
    const exchange = await open({ trade_unit: null });
    expect(deal(exchange, 'buy', 1000, new Position(1e6))).toMatchObject({ value: 10000, cost: 10 });
    expect(deal(exchange, 'buy', 10, new Position(1e6))).toMatchObject({ value: 100, cost: 5 });
    expect(deal(exchange, 'buy', 0, new Position(1e6))).toMatchObject({ value: 0, cost: 0 });
  });

  it('buys what cash allows with its cost', async () => {
    const exchange = await open({ trade_unit: null });
    const position = new Position(10_000);
    const { value, cost, refusal } = deal(exchange, 'buy', 5000, position);
    expect(value + cost).toBeCloseTo(10_000, 8);
    expect(position.cash()).toBeCloseTo(0, 8);
    expect(refusal).toBe('cash');
  });

  it('rounds adjusted shares down to whole units of raw ones', async () => {
    const exchange = await open({ trade_unit: 100 }); // factor 0.5: 200 adjusted shares are 100 raw ones
    expect(deal(exchange, 'buy', 999, new Position(1e6)).order.dealAmount).toBe(800);
    expect(deal(exchange, 'sell', 300, holding(999)).order.dealAmount).toBe(200);
  });

  it('never rounds when all is sold', async () => {
    const exchange = await open({ trade_unit: 100 });
    const position = holding(333);
    expect(deal(exchange, 'sell', 333, position)).toMatchObject({ value: 3330, refusal: null });
    expect(position.has('A')).toBe(false);
  });

  it('adds impact by the square of the share of volume', async () => {
    const exchange = await open({ trade_unit: null, impact_cost: 0.1, min_cost: 0 });
    // 100 of 1000 shares: 0.001 + 0.1 x 0.1 x 0.1
    expect(deal(exchange, 'buy', 100, new Position(1e6)).cost).toBeCloseTo(1000 * 0.002, 10);
  });

  it('keeps within the volume there is', async () => {
    const exchange = await open({ trade_unit: null, volume_threshold: { buy: ['cum', '$volume'] } });
    expect(deal(exchange, 'buy', 5000, new Position(1e6))).toMatchObject({
      value: 10_000,
      refusal: 'volume',
    });
    const order = new Order('A', 5000, 'buy', monday, days[1]! - second);
    const dealt = new Map([['A', 900]]);
    expect(dealOrder(exchange, order, new Position(1e6), dealt).order.dealAmount).toBe(100);
    expect(deal(exchange, 'sell', 5000, holding(6000)).order.dealAmount).toBe(5000);
  });

  it('trades nothing that is suspended or unknown', async () => {
    const exchange = await open();
    const order = new Order('B', 10, 'buy', days[2]!, days[3]! - second);
    expect(dealOrder(exchange, order, new Position(1e6))).toMatchObject({
      value: 0,
      cost: 0,
      refusal: 'suspended',
    });
    expect(deal(exchange, 'buy', 10, new Position(1e6), 'NOSUCH').refusal).toBe('suspended');
  });

  it('stops at the price limit of its direction', async () => {
    const exchange = await open({ limit_threshold: 0.05 });
    const tuesday = new Order('A', 10, 'buy', days[1]!, days[2]! - second); // up 10 %
    expect(dealOrder(exchange, tuesday, new Position(1e6)).refusal).toBe('limit');
    const sale = new Order('A', 10, 'sell', days[1]!, days[2]! - second);
    expect(dealOrder(exchange, sale, holding(10)).refusal).toBeNull();
  });
});

describe('Exchange', () => {
  it('gathers over a step that is longer than a day, as before a weekend', async () => {
    const exchange = await open();
    const weekend = exchange.bar(friday, days[5]! - second);
    expect(weekend.single).toBe(false);
    expect([exchange.close('A', weekend), exchange.volume('A', weekend)]).toEqual([14, 1000]);
    expect(exchange.isSuspended('B', weekend)).toBe(true);
    expect(exchange.volume('B', weekend)).toBe(0); // a sum of nothing, where a single day gives NaN
    expect(exchange.volume('B', exchange.bar(days[2]!, days[3]! - second))).toBeNaN();
    const week = exchange.bar(monday, days[5]! - second);
    expect([exchange.close('B', week), exchange.isSuspended('B', week)]).toEqual([13, false]);
  });

  it('lets the close stand in for a missing deal price', async () => {
    const exchange = await open({ deal_price: ['$open', '$close'] });
    const bar = exchange.bar(monday, days[1]! - second);
    expect(exchange.dealPrice('A', bar, 'buy')).toBe(10);
    expect(exchange.priceFallbacks).toBe(0);
  });

  it('gives up rounding where a factor is missing, also of an instrument outside the universe', async () => {
    expect((await open({ trade_unit: 100 }, new Set(['A']))).market.adjustedPrices).toBe(false);
    const exchange = await open({ trade_unit: 100, lacksFactor: true }, new Set(['A']));
    expect(exchange.market.adjustedPrices).toBe(true);
    expect(exchange.roundToUnit(999, 0.5)).toBe(999);
    expect(exchange.market.quotes.panel.index.instruments).toEqual(['A']);
  });
});

describe('Position', () => {
  it('lets money of sales be used only after the step, if told so', () => {
    const position = holding(10);
    position.beginSettlement('cash');
    position.update(new Order('A', 5, 'sell', 0, 0), 50, 1, 10);
    expect([position.cash(), position.delayedCash(), position.value()]).toEqual([1000, 49, 1000 + 49 + 50]);
    position.endSettlement();
    expect([position.cash(), position.delayedCash()]).toEqual([1049, undefined]);
    expect(() => position.update(new Order('B', 5, 'sell', 0, 0), 50, 1, 10)).toThrow(
      'B is sold but not held',
    );
  });

  it('has copies that share nothing', () => {
    const position = holding(10);
    position.countStep('day');
    const copy = position.clone();
    position.update(new Order('A', 5, 'sell', 0, 0), 50, 1, 10);
    position.countStep('day');
    expect([copy.amount('A'), copy.count('A', 'day'), copy.cash()]).toEqual([10, 1, 1000]);
  });
});

describe('benchmarkReturn', () => {
  // python -c "import numpy as np; x = np.array([.0228163, -.009722], 'f4'); print(repr(((x + 1).prod() - 1).item()))"
  it('compounds in the precision of its values', () => {
    const times = days.slice(0, 2);
    const values = [0.0228163, -0.009722];
    const over = (v: Float32Array | Float64Array) => benchmarkReturn({ times, values: v }, monday, days[1]!);
    expect(over(Float32Array.from(values))).toBe(0.012872457504272461);
    expect(over(Float64Array.from(values))).toBeCloseTo(1.0228163 * 0.990278 - 1, 15);
    expect(benchmarkReturn({ times, values: Float64Array.from(values) }, friday, friday)).toBe(0);
  });
});
