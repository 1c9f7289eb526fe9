import type { Position } from '../backtest/position.ts';
import type { Scores } from '../backtest/scores.ts';
import type { Period, Strategy } from '../backtest/strategy.ts';
import type { StepTime } from '../backtest/trade-calendar.ts';
import { formatTime, lowerBound, type Time } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { denseValues } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import { EstimatedRisk } from './enhanced-indexing/estimated-risk.ts';
import { type OptimizerOptions, optimizePortfolio, optimizerSchema } from './enhanced-indexing/optimizer.ts';
import { type RiskData, type RiskFiles, readRiskData } from './enhanced-indexing/risk-data.ts';
import { WeightStrategyBase, type WeightStrategyOptions, weightProperties } from './weight-strategy.ts';

export interface EnhancedIndexingOptions extends WeightStrategyOptions {
  /** Folder that holds a risk model for each day, as YYYYMMDD. */
  readonly riskmodel_root?: string;
  /** Instead of a folder: a class that estimates the risk from daily closes. */
  readonly riskmodel?: unknown;
  /** Days of returns for `riskmodel`. Default 240. */
  readonly riskmodel_lookback?: number;
  /** The benchmark: its weights are the field `${market}_weight`. Default csi500. */
  readonly market?: string;
  /** Not used, as in qlib. */
  readonly turn_limit?: number | null;
  readonly name_mapping?: RiskFiles;
  readonly optimizer_kwargs?: OptimizerOptions;
  readonly verbose?: boolean;
}

/**
 * Holds what an optimizer finds best against an index by the risk model of the day before: qlib's
 * EnhancedIndexingStrategy. Instruments without a score get the lowest one; those without volume the day before
 * keep their weight. A day without a risk model is left out. With `riskmodel` the instruments are those with a score and at least half of
 * the returns, drawn in at their 2.5 % quantiles.
 */
class EnhancedIndexing extends WeightStrategyBase {
  #days: Float64Array | undefined;
  #estimated: EstimatedRisk | undefined;

  constructor(
    override readonly options: EnhancedIndexingOptions,
    context: ConstructorParameters<typeof WeightStrategyBase>[1],
  ) {
    super(options, context);
  }

  override async prepare(period: Period): Promise<ReadonlySet<string> | undefined> {
    const universe = await super.prepare(period);
    const { riskmodel, riskmodel_lookback = 240 } = this.options;
    // what it may buy is told by the risk model of each day, with or without a score
    if (riskmodel === undefined) return undefined;
    if (!universe)
      throw new UserError('riskmodel needs a signal whose instruments are known', { path: ['signal'] });
    const model = await this.context.build('riskModel', riskmodel, ['riskmodel']);
    this.#estimated = await EstimatedRisk.load(
      this.context,
      model,
      riskmodel_lookback,
      [...universe],
      period,
    );
    return universe;
  }

  protected async targetWeights(
    scores: Scores,
    position: Position,
    { start }: StepTime,
  ): Promise<ReadonlyMap<string, number> | null> {
    const { log, data } = this.context;
    const { optimizer_kwargs = {} } = this.options;
    this.#days ??= await data.calendar({ future: true });
    const day = this.#days[lowerBound(this.#days, start) - 1] ?? Number.NaN;
    const risk = Number.isNaN(day) ? undefined : await this.#riskOf(day, scores);
    if (!risk) {
      log.warn(
        `no risk data for ${Number.isNaN(day) ? 'the first day' : formatTime(day)}: nothing is optimised`,
      );
      return null;
    }
    const { weight, isOpen } = await this.#market(risk, day);
    const current = position.weights();
    const portfolio = {
      ...risk,
      score: scoresFor(risk, scores),
      current: Float64Array.from(risk.universe, (name) => (current.get(name) ?? 0) / this.riskDegree()),
      benchmark: weight,
      isHeld: isOpen.map((open) => !open),
      isSold: risk.universe.map((name) => risk.blacklist.has(name)),
    };
    const found = optimizePortfolio(portfolio, optimizer_kwargs, log);
    const target = new Map(
      risk.universe.map((name, i) => [name, found[i]!] as const).filter(([, w]) => w > 0),
    );
    if (this.options.verbose) log.info(`${formatTime(start)}: ${target.size} instruments wanted`);
    return target;
  }

  async #riskOf(day: Time, scores: Scores): Promise<RiskData | undefined> {
    const { riskmodel_root, name_mapping = {} } = this.options;
    if (this.#estimated)
      return this.#estimated.at(
        day,
        scores.instruments.filter((name) => !Number.isNaN(scores.of(name))),
      );
    return readRiskData(this.context, riskmodel_root!, day, name_mapping);
  }

  /** Benchmark weights, and what had volume, on a day. */
  async #market({ universe }: RiskData, day: Time): Promise<{ weight: Float64Array; isOpen: boolean[] }> {
    const fields = [`$${this.options.market ?? 'csi500'}_weight`, '$volume'].map((expression) => ({
      group: null,
      name: expression,
      expression,
    }));
    const all = await this.context.data.instruments('all', { start: day, end: day });
    const wanted = new Map([...all].filter(([name]) => universe.includes(name)));
    const weights = new Map<string, number>();
    const volumes = new Map<string, number>();
    if (wanted.size > 0) {
      const { index, columns } = await this.context.data.features({
        instruments: wanted,
        fields,
        start: day,
        end: day,
      });
      const [w, v] = columns.map(denseValues);
      index.codes.forEach((code, row) => {
        weights.set(index.instruments[code]!, w![row]!);
        volumes.set(index.instruments[code]!, v![row]!);
      });
    }
    return {
      weight: Float64Array.from(universe, (name) => weights.get(name) || 0),
      isOpen: universe.map((name) => (volumes.get(name) ?? 0) > 0),
    };
  }
}

function scoresFor({ universe }: RiskData, scores: Scores): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  for (const x of scores.values) if (x < least) least = x;
  return Float64Array.from(universe, (name) => {
    const score = scores.of(name);
    return Number.isNaN(score) ? least : score;
  });
}

export const EnhancedIndexingStrategy: Definition<Strategy, EnhancedIndexingOptions> = {
  name: 'EnhancedIndexingStrategy',
  schema: {
    type: 'object',
    properties: {
      ...weightProperties,
      riskmodel_root: { type: 'string', minLength: 1 },
      riskmodel: { component: 'riskModel', defaultModule: 'qlib.model.riskmodel' },
      riskmodel_lookback: { type: 'integer', minimum: 3 },
      market: { type: 'string', minLength: 1 },
      turn_limit: { type: ['number', 'null'] },
      name_mapping: {
        type: 'object',
        properties: Object.fromEntries(
          ['factor_exp', 'factor_cov', 'specific_risk', 'blacklist'].map((key) => [key, { type: 'string' }]),
        ),
        additionalProperties: false,
      },
      optimizer_kwargs: optimizerSchema,
      verbose: { type: 'boolean' },
    },
    additionalProperties: false,
  },
  check({ riskmodel_root, riskmodel }) {
    if ((riskmodel_root === undefined) === (riskmodel === undefined))
      throw new UserError(
        riskmodel === undefined ? 'riskmodel_root is missing' : 'riskmodel_root and riskmodel are both given',
        {
          hint: 'a folder of risk models (riskmodel_root) or a class that estimates them (riskmodel) is needed',
          path: ['riskmodel_root'],
        },
      );
  },
  create: (options, context) => new EnhancedIndexing(options, context),
};
