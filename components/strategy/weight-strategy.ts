import { TradeDecision } from '../backtest/decision.ts';
import type { Position } from '../backtest/position.ts';
import type { Scores } from '../backtest/scores.ts';
import { readSignal, type Signal } from '../backtest/signal.ts';
import type { Level, Period, Strategy } from '../backtest/strategy.ts';
import type { StepTime } from '../backtest/trade-calendar.ts';
import type { Context } from '../core/context.ts';
import { knownPosition } from './known-position.ts';
import { OrderGenWOInteract } from './order-gen-wo-interact.ts';
import type { OrderGenerator } from './order-generator.ts';
import { driftOf, type Rebalance, RebalanceSchedule, rebalanceSchema } from './rebalance.ts';
import { type SignalStrategyOptions, signalOf, signalProperties } from './signal-options.ts';

export interface WeightStrategyOptions extends SignalStrategyOptions {
  /** Class name, class config or function. Default OrderGenWOInteract. */
  readonly order_generator_cls_or_obj?: unknown;
  /** When to trade. Default: in every step. */
  readonly rebalance?: Rebalance;
}

/** JSON schema of WeightStrategyOptions' properties. */
export const weightProperties = {
  ...signalProperties,
  order_generator_cls_or_obj: {
    component: 'orderGenerator',
    defaultModule: 'qlib.contrib.strategy.order_generator',
  },
  rebalance: rebalanceSchema,
} as const;

/**
 * Trades towards target weights that a subclass sets by step: qlib's WeightStrategyBase. The drift of `rebalance`: see driftOf.
 */
export abstract class WeightStrategyBase implements Strategy {
  #signal: Signal | undefined;
  #level: Level | undefined;
  #generate: OrderGenerator | undefined;
  readonly #schedule: RebalanceSchedule;

  constructor(
    readonly options: WeightStrategyOptions,
    readonly context: Context,
  ) {
    this.#schedule = new RebalanceSchedule(options.rebalance);
  }

  /** Weights by instrument, in [0, 1], at most 1 in all; null: no trade in this step. */
  protected abstract targetWeights(
    scores: Scores,
    position: Position,
    tradeTime: StepTime,
  ): ReadonlyMap<string, number> | null | Promise<ReadonlyMap<string, number> | null>;

  /** Share of the value that is invested. */
  protected riskDegree(): number {
    return this.options.risk_degree ?? 0.95;
  }

  /** The order generator where the kwargs name none. */
  protected defaultGenerator(): OrderGenerator | Promise<OrderGenerator> {
    return OrderGenWOInteract.create({}, this.context);
  }

  protected get level(): Level {
    if (!this.#level) throw new Error('a strategy decides before it is reset');
    return this.#level;
  }

  async prepare(period: Period): Promise<ReadonlySet<string> | undefined> {
    const given = this.options.order_generator_cls_or_obj;
    const path = ['order_generator_cls_or_obj'];
    if (typeof given === 'function') this.#generate = given as OrderGenerator;
    else
      this.#generate = given
        ? await this.context.build('orderGenerator', given, path)
        : await this.defaultGenerator();
    this.#signal = await readSignal(this.context, signalOf(this.options))(period);
    return this.#signal.universe?.(period);
  }

  reset(level: Level): void {
    this.#level = level;
  }

  async decide(): Promise<TradeDecision> {
    const { calendar, exchange } = this.level;
    const position = knownPosition(this.level.position, 'a strategy of weights');
    const tradeTime = calendar.stepTime();
    const predictionTime = calendar.stepTime(calendar.step, 1);
    const isDue = this.#schedule.begin(calendar);
    const scores = this.#signal!.at(predictionTime);
    if (!isDue || !scores) return new TradeDecision([], tradeTime);
    const weights = await this.targetWeights(scores, position.clone(), tradeTime);
    const riskDegree = this.riskDegree();
    if (
      weights &&
      !this.#schedule.hasDrifted(
        driftOf(position.weights(), (name) => (weights.get(name) ?? 0) * riskDegree, weights.keys()),
      )
    )
      return new TradeDecision([], tradeTime);
    if (weights) this.#schedule.done();
    const request = { position, exchange, weights, riskDegree, predictionTime, tradeTime };
    return new TradeDecision(this.#generate!(request), tradeTime);
  }
}
