import { strategyInfra } from '../backtest/infra-properties.ts';
import { pyMin, roundHalfEven } from '../backtest/python-math.ts';
import type { Strategy } from '../backtest/strategy.ts';
import type { Definition } from '../core/registry.ts';
import { type Part, SplitStrategy } from './split-orders.ts';

/**
 * Deals an outer order in equal parts over the steps, each rounded to units, the rest in the last: qlib's
 * TWAPStrategy.
 */
class Twap extends SplitStrategy {
  protected amount({ order, bar, remaining }: Part): number {
    const { calendar, exchange } = this.level;
    const [first, last] = this.outer.stepRange(calendar);
    const { step } = calendar;
    if (step < first || step > last || exchange.isSuspended(order.instrument, bar)) return 0;
    if (step === last) return remaining;
    const expected = (order.amount / (last - first + 1)) * (step - first + 1);
    const due = expected - (order.amount - remaining);
    const unit = this.unitOf(order);
    return unit === undefined ? due : pyMin(roundHalfEven(due / unit) * unit, remaining);
  }
}

export const TWAPStrategy: Definition<Strategy> = {
  name: 'TWAPStrategy',
  schema: { type: 'object', properties: strategyInfra, additionalProperties: false },
  create: () => new Twap(),
};
