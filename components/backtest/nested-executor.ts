import type { Definition } from '../core/registry.ts';
import type { TradeDecision } from './decision.ts';
import type { Executor, Infrastructure } from './executor.ts';
import { ExecutorBase, type StepResult } from './executor-base.ts';
import { type ExecutorOptions, executorProperties } from './executor-options.ts';
import { gatherOrders, type InnerStep } from './nested-indicator.ts';
import type { Deal } from './order.ts';
import type { Period, Strategy } from './strategy.ts';

export interface NestedExecutorOptions extends ExecutorOptions {
  readonly inner_executor: unknown;
  readonly inner_strategy: unknown;
  /** Leaves out the inner steps of a decision without orders. Default true. */
  readonly skip_empty_decision?: boolean;
  /** Leaves out inner steps outside the decision's range. Default true. */
  readonly align_range_limit?: boolean;
}

/** Executes a decision by an inner strategy and executor of finer steps: qlib's NestedExecutor. */
class Nested extends ExecutorBase {
  constructor(
    protected override readonly options: NestedExecutorOptions,
    readonly inner: Executor,
    readonly strategy: Strategy,
  ) {
    super(options);
  }

  async universe(period: Period): Promise<ReadonlySet<string> | undefined> {
    const own = this.strategy.prepare ? await this.strategy.prepare(period) : undefined;
    const inner = await this.inner.universe(period);
    return own && inner ? new Set([...own, ...inner]) : undefined;
  }

  override async open(infrastructure: Infrastructure): Promise<void> {
    await super.open(infrastructure);
    await this.inner.open(infrastructure);
  }

  all(): readonly Executor[] {
    return [this, ...this.inner.all()];
  }

  protected async run(given: TradeDecision, by: Strategy): Promise<StepResult> {
    const { inner, strategy, options } = this;
    const { start, end } = this.calendar.stepTime();
    inner.reset(start, end);
    await strategy.reset(inner.level, given);
    let decision = given;
    let last: readonly Deal[] | null = null;
    const deals: Deal[] = [];
    const steps: InnerStep[] = [];
    while (!inner.calendar.finished) {
      decision = by.updateDecision?.(decision, inner.calendar) ?? decision;
      if (decision.isEmpty && (options.skip_empty_decision ?? true)) break;
      const [first, final] = decision.stepRange(inner.calendar);
      const { step } = inner.calendar;
      if ((options.align_range_limit ?? true) && (step < first || step > final)) {
        inner.calendar.next();
        continue;
      }
      const chosen = await strategy.decide(last);
      chosen.tradeRange ??= decision.tradeRange;
      const time = inner.calendar.stepTime();
      last = await inner.execute(chosen, strategy);
      strategy.afterStep?.(last);
      deals.push(...last);
      steps.push({ decision: chosen, time, orders: inner.account.indicators.lastOrders! });
    }
    strategy.afterOuterStep?.();
    const { exchange } = this.infrastructure;
    return { deals, orders: gatherOrders(decision, steps, exchange, options.indicator_config?.pa_config) };
  }
}

export const NestedExecutor: Definition<Executor, NestedExecutorOptions> = {
  name: 'NestedExecutor',
  schema: {
    type: 'object',
    properties: {
      ...executorProperties,
      inner_executor: { component: 'executor', defaultModule: 'qlib.backtest.executor' },
      inner_strategy: { component: 'strategy', defaultModule: 'qlib.contrib.strategy' },
      skip_empty_decision: { type: 'boolean' },
      align_range_limit: { type: 'boolean' },
    },
    required: ['time_per_step', 'inner_executor', 'inner_strategy'],
    additionalProperties: false,
  },
  async create(options, context) {
    const inner = await context.build('executor', options.inner_executor, ['inner_executor']);
    const strategy = await context.build('strategy', options.inner_strategy, ['inner_strategy']);
    return new Nested(options, inner, strategy);
  },
};
