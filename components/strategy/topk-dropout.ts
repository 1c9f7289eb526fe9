import { affordableAmount, dealOrder } from '../backtest/deal.ts';
import { TradeDecision } from '../backtest/decision.ts';
import { pythonListing } from '../backtest/listing.ts';
import { Order } from '../backtest/order.ts';
import type { Position } from '../backtest/position.ts';
import { firstItems } from '../backtest/python-math.ts';
import type { Bar } from '../backtest/quotes.ts';
import type { Scores } from '../backtest/scores.ts';
import { readSignal, type Signal } from '../backtest/signal.ts';
import type { Level, Period, Strategy } from '../backtest/strategy.ts';
import { TrialPosition } from '../backtest/trial-position.ts';
import type { Context } from '../core/context.ts';
import { UserError } from '../core/errors.ts';
import { NumpyRandom } from '../core/numpy-random.ts';
import type { Definition } from '../core/registry.ts';
import { knownPosition } from './known-position.ts';
import { highestScores, rankByScore } from './ranking.ts';
import { type Rebalance, RebalanceSchedule, rebalanceSchema } from './rebalance.ts';
import { type SignalStrategyOptions, signalOf, signalProperties } from './signal-options.ts';

export interface TopkDropoutOptions extends SignalStrategyOptions {
  /** Number of instruments to hold. */
  readonly topk: number;
  /** Number of instruments to replace a step at most. */
  readonly n_drop: number;
  readonly method_sell?: 'bottom' | 'random';
  readonly method_buy?: 'top' | 'random';
  /** Steps that an instrument is held at least. Default 1. */
  readonly hold_thresh?: number;
  /** Ranks only what can be traded in the step. */
  readonly only_tradable?: boolean;
  /** Neither buys nor sells at either price limit. Default true. */
  readonly forbid_all_trade_at_limit?: boolean;
  /**
   * Takes `n_drop: 0` as qlib's slices do: everything is put up for sale each step (one instrument with
   * only_tradable). Default false: nothing is.
   */
  readonly literal_n_drop?: boolean;
  /** Never more than `topk` held: buys only what sales made room for, sells what is too much. Default: the backtest's `strict`. */
  readonly strict?: boolean;
  /** When to trade. Default: in every step. */
  readonly rebalance?: Rebalance;
}

/**
 * Holds the `topk` instruments with the highest scores, replacing at most `n_drop` a step: qlib's
 * TopkDropoutStrategy. Held instruments and the best n_drop + topk - held others are ranked together; those
 * held among the last n_drop are sold, and as many bought as are missing to topk, each for an equal share of
 * cash after the sales x risk_degree, also of those that then can't be bought. Instruments without a score rank
 * last. Where qlib iterates over the set of what is held, the order is that of a Python whose hashes are not salted (PYTHONHASHSEED=0);
 * strictly it is by name. `random` methods draw what numpy draws after
 * `numpy.random.seed` with the context's seed.
 *
 * With `strict`, purchases only fill the places that sales have freed (in qlib a sale that the market refuses leaves more than topk), costs
 * come out of the money set aside for a purchase, and what is held beyond topk is sold. Where a nested level executes the orders, a purchase
 * waits until a sale has freed its place. The drift of `rebalance` is the share of the
 * holdings' value that is no longer among the topk best, or of the places that are empty, whichever is larger.
 */
class TopkDropout implements Strategy {
  #signal: Signal | undefined;
  #level: Level | undefined;
  readonly #listing = pythonListing();
  readonly #chance: NumpyRandom;
  readonly #schedule: RebalanceSchedule;

  constructor(
    readonly options: TopkDropoutOptions,
    readonly context: Context,
  ) {
    this.#chance = context.random ?? new NumpyRandom(context.seed);
    this.#schedule = new RebalanceSchedule(options.rebalance);
  }

  async prepare(period: Period): Promise<ReadonlySet<string> | undefined> {
    const { topk, n_drop } = this.options;
    const { log } = this.context;
    this.#signal = await readSignal(this.context, signalOf(this.options))(period);
    const universe = this.#signal.universe?.(period);
    if (n_drop > topk) log.warn(`n_drop ${n_drop} is larger than topk ${topk}`);
    if (universe && topk > universe.size)
      log.warn(`topk ${topk} is larger than the ${universe.size} instruments with a score`);
    return universe;
  }

  reset(level: Level): void {
    this.#level = level;
  }

  decide(): TradeDecision {
    const { calendar, exchange } = this.#level!;
    const position = knownPosition(this.#level!.position, 'TopkDropoutStrategy');
    const time = calendar.stepTime();
    const isDue = this.#schedule.begin(calendar);
    const scores = this.#signal!.at(calendar.stepTime(calendar.step, 1));
    if (!isDue || !scores) return new TradeDecision([], time);
    const bar = exchange.bar(time.start, time.end);
    const held = this.#isStrict ? [...position.holdings.keys()].sort() : position.instruments(this.#listing);
    if (!this.#schedule.hasDrifted(this.#drift(scores, position))) return new TradeDecision([], time);
    this.#schedule.done();
    const fresh = this.#candidates(scores, held, bar);
    const sell = this.#toSell(scores, held, fresh, bar);
    const trial = new TrialPosition(position);
    const sales = this.#sell(
      trial,
      held.filter((instrument) => sell.has(instrument)),
      bar,
    );
    const places = this.#isStrict
      ? Math.max(0, this.options.topk - held.filter((instrument) => trial.has(instrument)).length)
      : sell.size + this.options.topk - held.length;
    const buy = firstItems(fresh, places);
    return new TradeDecision([...sales, ...this.#buy(trial.cash(), buy, bar)], time);
  }

  mostHoldings(strict: boolean): number | undefined {
    return (this.options.strict ?? strict) ? this.options.topk : undefined;
  }

  get #isStrict(): boolean {
    return this.options.strict ?? this.#level!.exchange.options.strict;
  }

  #drift(scores: Scores, position: Position): number {
    const { rebalance, topk } = this.options;
    if (typeof rebalance !== 'object' || !('drift' in rebalance)) return 0;
    const best = new Set(highestScores(scores, topk));
    let fallen = 0;
    for (const [instrument, weight] of position.weights(true)) if (!best.has(instrument)) fallen += weight;
    return Math.max(fallen, (topk - position.holdings.size) / topk);
  }

  /** Instruments that may be bought, best first. */
  #candidates(scores: Scores, held: readonly string[], bar: Bar): readonly string[] {
    const { topk, n_drop, method_buy = 'top', only_tradable } = this.options;
    const places = n_drop + topk - held.length;
    const count = this.#isStrict ? Math.max(0, places) : places;
    const isHeld = new Uint8Array(scores.length);
    for (const instrument of held) {
      const at = scores.indexOf(instrument);
      if (at >= 0) isHeld[at] = 1;
    }
    if (method_buy === 'top') {
      if (!only_tradable && count >= 0) return highestScores(scores, count, isHeld);
      return this.#first(highestScores(scores, scores.length, isHeld), count, bar);
    }
    const holding = new Set(held);
    const best = this.#first(highestScores(scores), topk, bar).filter(
      (instrument) => !holding.has(instrument),
    );
    return count < 0 || count > best.length ? best : this.#chance.choice(best, count);
  }

  #toSell(scores: Scores, held: readonly string[], fresh: readonly string[], bar: Bar): ReadonlySet<string> {
    const { topk, method_sell = 'bottom', literal_n_drop = false } = this.options;
    const n_drop = this.#isStrict ? Math.max(this.options.n_drop, held.length - topk) : this.options.n_drop;
    const rank = (names: readonly string[]) => rankByScore(names, (instrument) => scores.of(instrument));
    const ranked = rank(held);
    if (method_sell === 'random') {
      const open = ranked.filter((instrument) => this.#isOpen(instrument, bar));
      return new Set(n_drop > open.length ? open : this.#chance.choice(open, n_drop));
    }
    if (n_drop === 0 && !literal_n_drop) return new Set();
    // pandas sorts the union of two indexes, and leaves the first as it is where the other is empty
    const all = rank(fresh.length > 0 ? [...ranked, ...fresh].sort() : ranked);
    const last = this.#last(all, n_drop, bar);
    return new Set(held.filter((instrument) => last.has(instrument)));
  }

  /** What only_tradable lets through. */
  #isOpen(instrument: string, bar: Bar): boolean {
    return !this.options.only_tradable || this.#level!.exchange.isTradable(instrument, bar);
  }

  /** The first `count`; with only_tradable of those that can be traded, at least one, as in qlib. */
  #first(items: readonly string[], count: number, bar: Bar): readonly string[] {
    if (!this.options.only_tradable) return firstItems(items, count);
    const out: string[] = [];
    for (const item of items) {
      if (!this.#isOpen(item, bar)) continue;
      out.push(item);
      if (out.length >= count) break;
    }
    return out;
  }

  #last(items: readonly string[], count: number, bar: Bar): ReadonlySet<string> {
    if (this.options.only_tradable) return new Set(this.#first([...items].reverse(), count, bar));
    return new Set(count === 0 ? items : items.slice(-count));
  }

  #sell(trial: TrialPosition, sell: readonly string[], bar: Bar): Order[] {
    const { exchange, calendar } = this.#level!;
    const { hold_thresh = 1, forbid_all_trade_at_limit = true } = this.options;
    const orders: Order[] = [];
    for (const instrument of sell) {
      if (!exchange.isTradable(instrument, bar, forbid_all_trade_at_limit ? undefined : 'sell')) continue;
      if (trial.position.count(instrument, calendar.freq) < hold_thresh) continue;
      const order = new Order(instrument, trial.amount(instrument), 'sell', bar.start, bar.end);
      orders.push(order);
      dealOrder(exchange, order, trial);
    }
    return orders;
  }

  #buy(cash: number, buy: readonly string[], bar: Bar): Order[] {
    const { exchange } = this.#level!;
    const { risk_degree = 0.95, forbid_all_trade_at_limit = true } = this.options;
    const value = (cash * risk_degree) / buy.length;
    return buy
      .filter((instrument) =>
        exchange.isTradable(instrument, bar, forbid_all_trade_at_limit ? undefined : 'buy'),
      )
      .map((instrument) => {
        const price = exchange.dealPrice(instrument, bar, 'buy');
        const { openCost, minCost } = exchange.options;
        const asked = this.#isStrict ? affordableAmount(price, value, openCost, minCost) : value / price;
        const amount = exchange.roundToUnit(asked, exchange.factor(instrument, bar));
        return new Order(instrument, amount, 'buy', bar.start, bar.end);
      });
  }
}

export const TopkDropoutStrategy: Definition<Strategy, TopkDropoutOptions> = {
  name: 'TopkDropoutStrategy',
  schema: {
    type: 'object',
    properties: {
      ...signalProperties,
      topk: { type: 'integer', minimum: 1 },
      n_drop: { type: 'integer', minimum: 0 },
      method_sell: { enum: ['bottom', 'random'] },
      method_buy: { enum: ['top', 'random'] },
      hold_thresh: { type: 'number', minimum: 0 },
      only_tradable: { type: 'boolean' },
      forbid_all_trade_at_limit: { type: 'boolean' },
      literal_n_drop: { type: 'boolean' },
      strict: { type: 'boolean', description: 'never hold more than topk; default: strict of the backtest' },
      rebalance: rebalanceSchema,
    },
    required: ['topk', 'n_drop'],
    additionalProperties: false,
  },
  check(options) {
    if (signalOf(options) === undefined)
      throw new UserError('signal is missing', {
        hint: 'scores are needed: signal: <PRED>',
        path: ['signal'],
      });
  },
  create: (options, context) => new TopkDropout(options, context),
};
