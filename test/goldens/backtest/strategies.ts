import type { Position } from '../../../components/backtest/position.ts';
import type { Scores } from '../../../components/backtest/scores.ts';
import type { Strategy } from '../../../components/backtest/strategy.ts';
import type { Definition } from '../../../components/core/registry.ts';
import { highestScores } from '../../../components/strategy/ranking.ts';
import { SoftTopkStrategy } from '../../../components/strategy/soft-topk.ts';
import {
  WeightStrategyBase,
  type WeightStrategyOptions,
  weightProperties,
} from '../../../components/strategy/weight-strategy.ts';

interface TopkOptions extends WeightStrategyOptions {
  readonly topk: number;
}

class EqualWeight extends WeightStrategyBase {
  override readonly options: TopkOptions;

  constructor(options: TopkOptions, context: ConstructorParameters<typeof WeightStrategyBase>[1]) {
    super(options, context);
    this.options = options;
  }

  protected targetWeights(scores: Scores, _: Position): ReadonlyMap<string, number> | null {
    const { topk } = this.options;
    return new Map(this.best(scores).map((name) => [name, 1 / topk]));
  }

  protected best(scores: Scores): string[] {
    return highestScores(scores)
      .filter((name) => !Number.isNaN(scores.of(name)))
      .slice(0, this.options.topk);
  }
}

class RankWeight extends EqualWeight {
  protected override targetWeights(scores: Scores): ReadonlyMap<string, number> {
    const { topk } = this.options;
    const total = (topk * (topk + 1)) / 2;
    return new Map(this.best(scores).map((name, i) => [name, (topk - i) / total]));
  }
}

class NoneWeight extends EqualWeight {
  protected override targetWeights(scores: Scores, position: Position): ReadonlyMap<string, number> | null {
    return this.level.calendar.step % 2 === 1 ? null : super.targetWeights(scores, position);
  }
}

const define = (name: string, make: typeof EqualWeight): Definition<Strategy, TopkOptions> => ({
  name,
  schema: {
    type: 'object',
    properties: { ...weightProperties, topk: { type: 'integer' } },
    required: ['topk'],
    additionalProperties: false,
  },
  create: (options, context) => new make(options, context),
});

/** The strategies of the goldens' module `golden_strategies`, as a user would write them. */
export const goldenStrategies: readonly Definition<unknown, never>[] = [
  define('EqualWeightTopk', EqualWeight),
  define('RankWeightTopk', RankWeight),
  define('NoneWeight', NoneWeight),
  { ...SoftTopkStrategy, name: 'SoftTopkUpstream' },
];
