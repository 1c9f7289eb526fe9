import { TradeDecision } from '../backtest/decision.ts';
import { strategyInfra } from '../backtest/infra-properties.ts';
import { type Direction, Order, parseDirection } from '../backtest/order.ts';
import { roundHalfEven } from '../backtest/python-math.ts';
import type { Level, Period, Strategy } from '../backtest/strategy.ts';
import type { Context } from '../core/context.ts';
import { lowerBound } from '../core/dates.ts';
import { NumpyRandom } from '../core/numpy-random.ts';
import { denseValues, type Panel } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import { readTradeRange, tradeRangeSchema } from './trade-range.ts';

export interface RandomOrderOptions {
  readonly trade_range: unknown;
  /** Share of the market's instruments that get an order. */
  readonly sample_ratio?: number;
  /** Order amount by mean volume of the ten days before. */
  readonly volume_ratio?: number;
  readonly market?: InstrumentsSpec;
  /** 1 or `buy`, 0 or `sell`. */
  readonly direction?: unknown;
}

/**
 * Random orders, for measuring execution: qlib's RandomOrderStrategy. Draws what pandas' `sample` draws after `numpy.random.seed` with the
 * context's seed.
 */
class RandomOrders implements Strategy {
  #level: Level | undefined;
  #volume: Panel | undefined;
  readonly #chance: NumpyRandom;

  constructor(
    readonly options: RandomOrderOptions,
    readonly context: Context,
  ) {
    this.#chance = context.random ?? new NumpyRandom(context.seed);
  }

  async prepare({ start, end }: Period): Promise<ReadonlySet<string>> {
    const fields = [{ group: null, name: 'volume', expression: 'Mean(Ref($volume, 1), 10)' }];
    const instruments = this.options.market ?? 'all';
    this.#volume = await this.context.data.features({ instruments, fields, start, end });
    return new Set(this.#volume.index.instruments);
  }

  reset(level: Level): void {
    this.#level = level;
  }

  decide(): TradeDecision {
    const { sample_ratio = 1, volume_ratio = 0.01, direction = 1, trade_range } = this.options;
    const time = this.#level!.calendar.stepTime();
    const { index, columns } = this.#volume!;
    const values = denseValues(columns[0]!);
    const t = lowerBound(index.times, time.start);
    const rows: number[] = [];
    if (index.times[t] === time.start)
      for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
        if (!Number.isNaN(values[row]!)) rows.push(row);
    const drawn = this.#chance.choice(rows, roundHalfEven(rows.length * sample_ratio));
    const side: Direction = parseDirection(direction) ?? 'buy';
    const orders = drawn.map(
      (row) =>
        new Order(
          index.instruments[index.codes[row]!]!,
          values[row]! * volume_ratio,
          side,
          time.start,
          time.end,
        ),
    );
    return new TradeDecision(orders, time, readTradeRange(trade_range));
  }
}

export const RandomOrderStrategy: Definition<Strategy, RandomOrderOptions> = {
  name: 'RandomOrderStrategy',
  schema: {
    type: 'object',
    properties: {
      ...strategyInfra,
      trade_range: tradeRangeSchema,
      sample_ratio: { type: 'number', minimum: 0, maximum: 1 },
      volume_ratio: { type: 'number', minimum: 0 },
      market: {},
      direction: { enum: [0, 1, 'buy', 'sell'] },
    },
    required: ['trade_range'],
    additionalProperties: false,
  },
  create: (options, context) => new RandomOrders(options, context),
};
