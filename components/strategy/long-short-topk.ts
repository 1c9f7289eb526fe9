import { TradeDecision } from '../backtest/decision.ts';
import { Order } from '../backtest/order.ts';
import { Position } from '../backtest/position.ts';
import type { Bar } from '../backtest/quotes.ts';
import type { Scores } from '../backtest/scores.ts';
import { readSignal, type Signal } from '../backtest/signal.ts';
import type { Level, Period, Strategy } from '../backtest/strategy.ts';
import type { Context } from '../core/context.ts';
import { UserError } from '../core/errors.ts';
import type { Definition } from '../core/registry.ts';
import { knownPosition } from './known-position.ts';
import { highestScores } from './ranking.ts';
import { driftOf, type Rebalance, RebalanceSchedule, rebalanceSchema } from './rebalance.ts';
import { type SignalStrategyOptions, signalOf, signalProperties } from './signal-options.ts';

export interface LongShortTopkOptions extends Omit<SignalStrategyOptions, 'risk_degree'> {
  /** Number of instruments to hold. */
  readonly topk: number;
  /** Number of instruments to sell short. Default: topk. */
  readonly short_topk?: number;
  /** Places a side changed in a step at most: what is held and has fallen out waits otherwise. Default: all. */
  readonly n_drop?: number;
  /** Value of what is held, and of what is sold short, as shares of the account. Default 0.95 each. */
  readonly long_exposure?: number;
  readonly short_exposure?: number;
  readonly rebalance?: Rebalance;
}

/**
 * Holds the `topk` highest scores and sells the `short_topk` lowest short, in equal shares a side: what a long-short return of a signal
 * would have been with costs, borrow fees and margin. Needs pos_type SignedPosition. Weights are of the account's value at the last
 * prices known; orders are sized at the deal price. Reductions go first, then purchases and short sales. The drift of `rebalance`: see
 * driftOf. Instruments without a score are closed.
 */
class LongShortTopk implements Strategy {
  #signal: Signal | undefined;
  #level: Level | undefined;
  readonly #schedule: RebalanceSchedule;

  constructor(
    readonly options: LongShortTopkOptions,
    readonly context: Context,
  ) {
    this.#schedule = new RebalanceSchedule(options.rebalance);
  }

  async prepare(period: Period): Promise<ReadonlySet<string> | undefined> {
    this.#signal = await readSignal(this.context, signalOf(this.options))(period);
    return this.#signal.universe?.(period);
  }

  reset(level: Level): void {
    if (level.position instanceof Position && !level.position.short)
      throw new UserError('LongShortTopkStrategy sells short, which this position does not allow', {
        hint: 'set pos_type: SignedPosition in backtest',
        path: ['backtest', 'pos_type'],
      });
    this.#level = level;
  }

  decide(): TradeDecision {
    const { calendar, exchange } = this.#level!;
    const position = knownPosition(this.#level!.position, 'LongShortTopkStrategy');
    const time = calendar.stepTime();
    const isDue = this.#schedule.begin(calendar);
    const scores = this.#signal!.at(calendar.stepTime(calendar.step, 1));
    if (!isDue || !scores) return new TradeDecision([], time);
    const target = this.#target(scores, position);
    const weights = position.weights();
    const names = [...new Set([...weights.keys(), ...target.keys()])].sort();
    const drift = driftOf(weights, (name) => target.get(name) ?? 0, target.keys());
    if (!this.#schedule.hasDrifted(drift)) return new TradeDecision([], time);
    this.#schedule.done();
    const bar = exchange.bar(time.start, time.end);
    return new TradeDecision(this.#orders(names, target, position, bar), time);
  }

  /** Signed shares of the account by instrument. */
  #target(scores: Scores, position: Position): ReadonlyMap<string, number> {
    const { topk, short_topk = topk, long_exposure = 0.95, short_exposure = 0.95 } = this.options;
    const ranked = highestScores(scores).filter((instrument) => !Number.isNaN(scores.of(instrument)));
    const half = Math.floor(ranked.length / 2);
    const held = [...position.holdings];
    const longs = held.filter(([, { amount }]) => amount > 0).map(([instrument]) => instrument);
    const shorts = held.filter(([, { amount }]) => amount < 0).map(([instrument]) => instrument);
    const long = this.#side(ranked, longs, Math.min(topk, ranked.length - half));
    const taken = new Set(long);
    const lowest = ranked.toReversed().filter((instrument) => !taken.has(instrument));
    const short = this.#side(lowest, shorts, Math.min(short_topk, half));
    return new Map([
      ...long.map((instrument) => [instrument, long_exposure / long.length] as const),
      ...short.map((instrument) => [instrument, -short_exposure / short.length] as const),
    ]);
  }

  /** The first `count`, of which at most n_drop take the place of what is held already. */
  #side(ranked: readonly string[], held: readonly string[], count: number): string[] {
    const place = new Map(ranked.map((instrument, i) => [instrument, i]));
    const kept = held
      .filter((instrument) => place.has(instrument))
      .sort((a, b) => place.get(a)! - place.get(b)!);
    const { n_drop = count } = this.options;
    const inside = kept.filter((instrument) => place.get(instrument)! < count);
    const outside = kept.filter((instrument) => place.get(instrument)! >= count);
    const staying = [...inside, ...outside.slice(0, Math.max(0, outside.length - n_drop))].slice(0, count);
    const known = new Set(staying);
    return [...staying, ...ranked.filter((i) => !known.has(i)).slice(0, count - staying.length)];
  }

  #orders(
    names: readonly string[],
    target: ReadonlyMap<string, number>,
    position: Position,
    bar: Bar,
  ): Order[] {
    const { exchange } = this.#level!;
    const value = position.value();
    const first: Order[] = [];
    const then: Order[] = [];
    for (const instrument of names) {
      const held = position.amount(instrument);
      const weight = target.get(instrument) ?? 0;
      const direction =
        weight * value > held * (position.holdings.get(instrument)?.price ?? 0) ? 'buy' : 'sell';
      if (!exchange.isTradable(instrument, bar, direction)) continue;
      const price = exchange.dealPrice(instrument, bar, direction);
      const factor = exchange.factor(instrument, bar);
      const change = weight === 0 ? -held : (weight * value) / price - held;
      const amount = weight === 0 ? Math.abs(change) : exchange.roundToUnit(Math.abs(change), factor);
      if (!(amount > 0)) continue;
      const order = new Order(instrument, amount, change > 0 ? 'buy' : 'sell', bar.start, bar.end);
      (order.sign * held < 0 ? first : then).push(order);
    }
    const sales = (orders: Order[]) => orders.filter((o) => o.direction === 'sell');
    const purchases = (orders: Order[]) => orders.filter((o) => o.direction === 'buy');
    return [...sales(first), ...purchases(first), ...purchases(then), ...sales(then)];
  }
}

const exposure = { type: 'number', minimum: 0 };

export const LongShortTopkStrategy: Definition<Strategy, LongShortTopkOptions> = {
  name: 'LongShortTopkStrategy',
  schema: {
    type: 'object',
    properties: {
      signal: signalProperties.signal,
      model: signalProperties.model,
      dataset: signalProperties.dataset,
      topk: { type: 'integer', minimum: 1 },
      short_topk: { type: 'integer', minimum: 0 },
      n_drop: { type: 'integer', minimum: 0 },
      long_exposure: exposure,
      short_exposure: exposure,
      rebalance: rebalanceSchema,
    },
    required: ['topk'],
    additionalProperties: false,
  },
  check(options) {
    if (signalOf(options) === undefined)
      throw new UserError('signal is missing', {
        hint: 'scores are needed: signal: <PRED>',
        path: ['signal'],
      });
  },
  create: (options, context) => new LongShortTopk(options, context),
};
