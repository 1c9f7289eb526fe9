import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Calendars } from '../../components/backtest/calendars.ts';
import { affordableAmount, dealOrder } from '../../components/backtest/deal.ts';
import { Exchange } from '../../components/backtest/exchange.ts';
import { readExchangeOptions } from '../../components/backtest/exchange-options.ts';
import { Order } from '../../components/backtest/order.ts';
import { Position } from '../../components/backtest/position.ts';
import { TradeCalendar } from '../../components/backtest/trade-calendar.ts';
import { type Context, regions } from '../../components/core/context.ts';
import { formatTime, parseTime, type Time } from '../../components/core/dates.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { testContext } from '../components/backtest/context.ts';
import { goldensRegion } from './backtest/inputs.ts';
import { Difference, goldensRoot, readJson, toNumber } from './support.ts';

interface Value {
  readonly t: string;
  readonly v: unknown;
}
type QuoteRow = Readonly<Record<string, Value>> & {
  readonly code: string;
  readonly start: string;
  readonly end: string;
  readonly single_value_lookup?: boolean;
};
interface RoundingCase {
  readonly fn: string;
  readonly unit?: number | null;
  readonly min_cost?: number;
  readonly args: readonly number[];
  readonly result: number | string | null;
}
interface OrderCase {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly direction: 'BUY' | 'SELL';
  readonly cash: number;
  readonly held: number;
  readonly amount: number;
  readonly [figure: string]: unknown;
}
interface CalendarCase {
  readonly freq: string;
  readonly start: string;
  readonly end: string;
  readonly len: number;
  readonly steps: readonly (readonly [string, string])[];
  readonly step0_shift1: readonly [string, string];
}

const root = goldensRoot();
const home = root ? join(root, 'backtest') : '';
const probes = join(home, 'probes');

describe.skipIf(!root || !existsSync(probes))(
  'exchange probes against qlib (skipped without goldens)',
  () => {
    if (!existsSync(probes)) return;
    const folder = join(home, 'mini_data');
    const region = regions[goldensRegion(home)]!;
    const { codes } = readJson<{ codes: string[] }>(join(folder, 'mini_info.json'));
    let context: Context;
    let calendar: Float64Array;
    beforeAll(async () => {
      context = testContext({ data: openData(folder), region });
      calendar = await context.data.calendar();
    });
    // as exchange_probes.py makes it
    const open = (kwargs: Readonly<Record<string, unknown>>) =>
      Exchange.load(
        context,
        readExchangeOptions(
          {
            start_time: calendar[0],
            end_time: calendar.at(-1),
            codes,
            limit_threshold: 1e9,
            deal_price: 'vwap',
            open_cost: 0.0005,
            close_cost: 0.0015,
            min_cost: 5,
            ...kwargs,
          },
          region,
        ),
        undefined,
      );

    it('answers quotes in and around suspensions', async () => {
      const { limit_threshold, rows } = readJson<{ limit_threshold: number; rows: QuoteRow[] }>(
        join(probes, 'quotes.json'),
      );
      const exchange = await open({ limit_threshold, trade_unit: 100 });
      const difference = new Difference(1e-12);
      for (const row of rows.filter(({ start }) => start !== undefined)) {
        const { code } = row;
        const bar = exchange.bar(parseTime(row.start)!, parseTime(row.end)!);
        expect(bar.single, `${code} ${row.start}`).toBe(row.single_value_lookup);
        const factor = exchange.factor(code, bar);
        const ours: Readonly<Record<string, number | boolean>> = {
          close: exchange.close(code, bar),
          volume: exchange.volume(code, bar),
          factor,
          deal_price_buy: exchange.dealPrice(code, bar, 'buy'),
          suspended: exchange.isSuspended(code, bar),
          limit_any: exchange.isLimited(code, bar),
          limit_buy: exchange.isLimited(code, bar, 'buy'),
          limit_sell: exchange.isLimited(code, bar, 'sell'),
          tradable: exchange.isTradable(code, bar),
          tradable_buy: exchange.isTradable(code, bar, 'buy'),
          unit: exchange.unitAmount(factor)!,
        };
        for (const [name, mine] of Object.entries(ours)) {
          const value = row[name]!;
          // None is false of a flag, NaN of a number
          const theirs = typeof mine === 'boolean' ? Number(value.v ?? 0) : toNumber(value.v);
          difference.add(
            Number(mine),
            'raises' in value ? Number.NaN : theirs,
            () => `${code} ${row.start} ${name}`,
          );
        }
      }
      difference.check(100);
    });

    it('knows nothing of an instrument without data', async () => {
      const exchange = await open({});
      const bar = exchange.bar(calendar[5]!, calendar[6]!);
      expect(exchange.isSuspended('NOSUCH', bar)).toBe(true);
      expect(exchange.isTradable('NOSUCH', bar)).toBe(false);
      expect([exchange.close('NOSUCH', bar), exchange.factor('NOSUCH', bar)]).toEqual([
        Number.NaN,
        Number.NaN,
      ]);
    });

    it('rounds amounts to units, and to what cash buys', async () => {
      const exchanges = new Map<unknown, Exchange>();
      for (const unit of [1, 100, null]) exchanges.set(unit, await open({ trade_unit: unit }));
      const difference = new Difference(1e-12);
      for (const { fn, unit = 1, min_cost = 5, args, result } of readJson<RoundingCase[]>(
        join(probes, 'rounding.json'),
      )) {
        const exchange = exchanges.get(unit)!;
        const [a = 0, b = 0, c = 0] = args;
        const ours: Readonly<Record<string, () => number | undefined>> = {
          round_amount_by_trade_unit: () => exchange.roundToUnit(a, b),
          get_amount_of_trade_unit: () => exchange.unitAmount(a) ?? Number.NaN,
          get_real_deal_amount: () =>
            a === b
              ? 0
              : a < b
                ? exchange.roundToUnit(b - a, c)
                : b === 0
                  ? -a
                  : -exchange.roundToUnit(a - b, c),
          _get_buy_amount_by_cash_limit: () => affordableAmount(a, b, c, min_cost),
        };
        difference.add(ours[fn]!()!, toNumber(result), `${fn}(${args.join(', ')}) unit ${unit}`);
      }
      difference.check(100);
    });

    it('deals single orders', async () => {
      const { code, date, orders } = readJson<{ code: string; date: string; orders: OrderCase[] }>(
        join(probes, 'single_orders.json.gz'),
      );
      const start = parseTime(date)!;
      const end = calendar[calendar.indexOf(start) + 1]! - 1000;
      const exchanges = new Map<string, Exchange>();
      const difference = new Difference(1e-12, 1e-9);
      for (const one of orders) {
        const key = JSON.stringify(one.settings);
        if (!exchanges.has(key))
          exchanges.set(key, await open({ deal_price: 'close', ...untuple(one.settings) }));
        const exchange = exchanges.get(key)!;
        const price = exchange.close(code, exchange.bar(start, end));
        const holdings =
          one.held > 0 ? [[code, { amount: one.held, price, weight: undefined, counts: {} }] as const] : [];
        const position = new Position(one.cash, holdings);
        const direction = one.direction === 'BUY' ? 'buy' : 'sell';
        const order = new Order(code, one.amount, direction, start, end);
        const deal = dealOrder(exchange, order, position);
        // qlib rounds a sale up beyond the holding and fails; ours sells the holding
        if (one['raises']) {
          expect(position.amount(code), key).toBe(0);
          continue;
        }
        const ours = {
          val: deal.value,
          cost: deal.cost,
          price: deal.price,
          deal_amount: order.dealAmount,
          cash_after: position.cash(),
          held_after: position.amount(code),
          factor: order.factor,
        };
        for (const [name, value] of Object.entries(ours))
          difference.add(
            value,
            toNumber(one[name]),
            () => `${key} ${direction} ${one.amount} of ${one.held}, ${one.cash}: ${name}`,
          );
      }
      difference.check(1000);
    });

    it('steps through trading calendars', async () => {
      const calendars = new Calendars(context.data, region);
      const first = calendar[0]!;
      for (const { freq, start, end, len, steps, step0_shift1 } of readJson<CalendarCase[]>(
        join(probes, 'calendars.json'),
      )) {
        const trade = new TradeCalendar(freq, await calendars.get(freq));
        trade.reset(parseTime(start)!, parseTime(end)!);
        const where = `${freq} ${start} ${end}`;
        expect(trade.length, where).toBe(len);
        const stamps = ({ start: a, end: b }: { start: Time; end: Time }) => [stamp(a), stamp(b)];
        expect(
          steps.map((_, k) => stamps(trade.stepTime(k))),
          where,
        ).toEqual(steps);
        // before the first step qlib's index -1 means the last one: an empty time, as ours
        if (parseTime(start)! >= first) expect(stamps(trade.stepTime(0, 1)), where).toEqual(step0_shift1);
        else expect(trade.stepTime(0, 1).start).toBeGreaterThan(trade.stepTime(0, 1).end);
      }
    });
  },
);

function stamp(time: Time): string {
  const text = formatTime(time);
  return text.length === 10 ? `${text} 00:00:00` : text;
}

function untuple(value: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value), (_, x) => x?.__tuple__ ?? x);
}
