import type { Position } from '../backtest/position.ts';
import type { Scores } from '../backtest/scores.ts';
import type { Strategy } from '../backtest/strategy.ts';
import type { Definition } from '../core/registry.ts';
import { OrderGenWInteract } from './order-gen-w-interact.ts';
import type { OrderGenerator } from './order-generator.ts';
import { highestScores } from './ranking.ts';
import { WeightStrategyBase, type WeightStrategyOptions, weightProperties } from './weight-strategy.ts';

export interface SoftTopkOptions extends WeightStrategyOptions {
  readonly topk: number;
  /** Largest change of a weight in a step. */
  readonly trade_impact_limit?: number | null;
  /** Older name of trade_impact_limit. Default 1. */
  readonly max_sold_weight?: number;
  /** Kept for old configs: there is one method. */
  readonly buy_method?: string;
}

const tiny = 1e-8;

/**
 * Moves towards equal weights of the `topk` best, no weight changing by more than a limit in a step: sells what
 * is not among them and what is above its share, then spreads that money and what is missing to risk_degree
 * over the shortfalls, in proportion to them. This is the SoftTopkStrategy of qlib's source tree
 * (contrib/strategy/cost_control.py after 0.9.7); that of the 0.9.7 package can not be constructed.
 */
class SoftTopk extends WeightStrategyBase {
  constructor(
    override readonly options: SoftTopkOptions,
    context: ConstructorParameters<typeof WeightStrategyBase>[1],
  ) {
    super(options, context);
  }

  protected override defaultGenerator(): OrderGenerator | Promise<OrderGenerator> {
    return OrderGenWInteract.create({}, this.context);
  }

  protected targetWeights(scores: Scores, position: Position): ReadonlyMap<string, number> {
    const { topk, trade_impact_limit, max_sold_weight = 1 } = this.options;
    const limit = trade_impact_limit ?? max_sold_weight;
    const cut = (weight: number) => Math.min(weight, limit);
    const share = this.riskDegree() / topk;
    const best = highestScores(scores, topk);
    const held = position.weights(true);
    if (held.size === 0) return new Map(best.map((instrument) => [instrument, cut(share)]));

    const wanted = new Set(best);
    const next = new Map([...new Set([...held.keys(), ...best])].map((name) => [name, held.get(name) ?? 0]));
    let released = 0;
    for (const [name, weight] of next) {
      if (weight <= tiny) continue;
      const excess = wanted.has(name) ? weight - share : weight;
      if (wanted.has(name) && weight <= share + tiny) continue;
      const sold = cut(excess);
      next.set(name, weight - sold);
      released += sold;
    }
    let invested = 0;
    for (const weight of held.values()) invested += weight;
    this.#spend(next, best, released + (this.riskDegree() - invested), share, cut);
    return new Map([...next].filter(([, weight]) => weight > tiny));
  }

  #spend(
    next: Map<string, number>,
    best: readonly string[],
    budget: number,
    share: number,
    cut: (weight: number) => number,
  ): void {
    if (!(budget > tiny)) return;
    const shortfalls = best
      .filter((name) => next.get(name)! < share - tiny)
      .map((name) => [name, share - next.get(name)!] as const);
    const total = shortfalls.reduce((sum, [, shortfall]) => sum + shortfall, 0);
    const spend = Math.min(budget, total);
    for (const [name, shortfall] of shortfalls)
      next.set(name, next.get(name)! + Math.min((shortfall / total) * spend, cut(shortfall)));
  }
}

export const SoftTopkStrategy: Definition<Strategy, SoftTopkOptions> = {
  name: 'SoftTopkStrategy',
  schema: {
    type: 'object',
    properties: {
      ...weightProperties,
      topk: { type: 'integer', minimum: 1 },
      trade_impact_limit: { type: ['number', 'null'], exclusiveMinimum: 0 },
      max_sold_weight: { type: 'number', exclusiveMinimum: 0 },
      buy_method: { enum: ['first_fill', 'average_fill'] },
    },
    required: ['topk'],
    additionalProperties: false,
  },
  create: (options, context) => new SoftTopk(options, context),
};
