import { describe, expect, it } from 'vitest';
import { readExchangeOptions } from '../../../components/backtest/exchange-options.ts';
import { exchangeSchema } from '../../../components/backtest/schema.ts';
import { regions } from '../../../components/core/context.ts';
import { UserError } from '../../../components/core/errors.ts';
import { validate } from '../../../runner/config/validate.ts';

const read = (kwargs: Record<string, unknown>, region = 'us') =>
  readExchangeOptions(kwargs, regions[region]!);
const problem = (kwargs: Record<string, unknown>) => {
  try {
    read(kwargs);
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, path: error.path };
    throw error;
  }
  return undefined;
};

describe('readExchangeOptions', () => {
  it("has qlib's defaults", () => {
    expect(read({})).toMatchObject({
      freq: 'day',
      codes: 'all',
      buyPrice: '$close',
      sellPrice: '$close',
      limit: { kind: 'none' },
      openCost: 0.0015,
      closeCost: 0.0025,
      minCost: 5,
      impactCost: 0,
      tradeUnit: 1,
    });
  });

  it('takes limit and unit from the region where they are null or missing, but an explicit null unit rounds nothing', () => {
    expect(read({ limit_threshold: null }, 'cn')).toMatchObject({
      limit: { kind: 'change', threshold: 0.095 },
      tradeUnit: 100,
    });
    expect(read({ trade_unit: null }, 'cn').tradeUnit).toBeNull();
  });

  it('gives a bare field its $, and leaves expressions alone', () => {
    expect(read({ deal_price: ['open', '$close*1.01'] })).toMatchObject({
      buyPrice: '$open',
      sellPrice: '$close*1.01',
    });
    expect(read({ deal_price: '($open+$close)/2' }).buyPrice).toBe('($open+$close)/2');
  });

  it('reads volume limits for either direction or both', () => {
    const options = read({ volume_threshold: { all: ['cum', '0.1*$volume'], buy: ['current', '$askV1'] } });
    expect(options.buyVolume).toEqual([
      { kind: 'cum', expression: '0.1*$volume' },
      { kind: 'current', expression: '$askV1' },
    ]);
    expect(options.sellVolume).toEqual([{ kind: 'cum', expression: '0.1*$volume' }]);
  });

  it('refuses what it does not know, with the nearest that it does', () => {
    expect(problem({ open_costs: 0.1 })).toEqual({
      message:
        'unknown exchange argument "open_costs"\n  did you mean "open_cost"? allowed: close_cost, codes, deal_price, end_time, ' +
        'extra_quote, freq, impact_cost, limit_threshold, min_cost, open_cost, quote_cls, start_time, strict, subscribe_fields, trade_unit, ' +
        'volume_threshold',
      path: ['open_costs'],
    });
  });

  it('knows how qlib holds quotes, though nothing hangs on it', () => {
    expect(read({ quote_cls: 'qlib.backtest.high_performance_ds.NumpyQuote' })).toEqual(read({}));
    expect(problem({ quote_cls: 'PandasQuotes' })?.message).toBe(
      'unknown quote class "PandasQuotes"\n  did you mean "PandasQuote"? allowed: NumpyQuote, PandasQuote',
    );
  });

  it('refuses values out of range', () => {
    expect(problem({ open_cost: 1 })?.message).toBe('open_cost is 1\n  a number in [0, 1) is needed');
    expect(problem({ min_cost: -5 })?.message).toBe('min_cost is -5\n  a number >= 0 is needed');
    expect(problem({ limit_threshold: '5%' })?.path).toEqual(['limit_threshold']);
    expect(problem({ trade_unit: 0 })?.path).toEqual(['trade_unit']);
    expect(problem({ start_time: '2020-02-30' })?.message).toBe(
      '"2020-02-30" is no date\n  a date such as 2020-01-31 is needed',
    );
  });

  it('refuses the same by its schema', () => {
    const errors = (kwargs: unknown) => validate(exchangeSchema, kwargs).errors.length;
    for (const wrong of [
      { open_costs: 0.1 },
      { open_cost: 1 },
      { min_cost: -5 },
      { limit_threshold: '5%' },
      { trade_unit: 0 },
    ])
      expect(errors(wrong), JSON.stringify(wrong)).toBeGreaterThan(0);
    for (const right of [
      {},
      { limit_threshold: ['$a', '$b'] },
      { trade_unit: null },
      { volume_threshold: ['cum', '$volume'] },
    ])
      expect(errors(right), JSON.stringify(right)).toBe(0);
  });
});
