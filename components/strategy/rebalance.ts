import type { StepTime, TradeCalendar } from '../backtest/trade-calendar.ts';
import { dayMs, type Time } from '../core/dates.ts';

/**
 * When a strategy trades: in every step (default), in the first step of a week (Monday to Sunday) or month, in every n-th step, or when
 * its holdings have drifted by more than a share.
 */
export type Rebalance = 'step' | 'week' | 'month' | { readonly every: number } | { readonly drift: number };

/** JSON schema of `rebalance`. */
export const rebalanceSchema = {
  anyOf: [
    { enum: ['step', 'week', 'month'] },
    {
      type: 'object',
      properties: { every: { type: 'integer', minimum: 1 } },
      required: ['every'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { drift: { type: 'number', minimum: 0, maximum: 1 } },
      required: ['drift'],
      additionalProperties: false,
    },
  ],
  description: 'when to trade: week, month, {every: n} steps, {drift: share}; default: in every step',
} as const;

/**
 * Keeps account of when a strategy is to trade. The first step of a backtest is always due; a step that was due stays so until it could be
 * traded, so that a day without scores only puts it off.
 */
export class RebalanceSchedule {
  #isDue = true;
  #steps = 0;
  #last: Time | undefined;

  constructor(readonly rule: Rebalance = 'step') {}

  /** Begins a step; true where the calendar lets trade. A drift rule always does: it is asked by `hasDrifted`. */
  begin(calendar: TradeCalendar): boolean {
    const { start }: StepTime = calendar.stepTime();
    const { rule } = this;
    const last = this.#last;
    if (typeof rule === 'object' && 'every' in rule) this.#isDue ||= this.#steps % rule.every === 0;
    else if (rule === 'week' || rule === 'month')
      this.#isDue ||= last === undefined || spellOf(start, rule) !== spellOf(last, rule);
    else this.#isDue = true;
    this.#steps++;
    this.#last = start;
    return this.#isDue;
  }

  /** The step was traded. */
  done(): void {
    this.#isDue = false;
  }

  /** Whether a drift is beyond the band; true for rules without one. */
  hasDrifted(drift: number): boolean {
    return typeof this.rule !== 'object' || !('drift' in this.rule) || drift > this.rule.drift;
  }
}

/** A number for the week or month that a time lies in. 1970-01-01 was a Thursday. */
function spellOf(time: Time, unit: 'week' | 'month'): number {
  if (unit === 'week') return Math.floor((Math.floor(time / dayMs) + 3) / 7);
  const day = new Date(time);
  return day.getUTCFullYear() * 12 + day.getUTCMonth();
}

/**
 * Share of the account that has to be bought, or sold, whichever is more, to bring weights to their targets.
 * @param names of the instruments with a target; those held are looked at anyway
 */
export function driftOf(
  held: ReadonlyMap<string, number>,
  targetOf: (name: string) => number,
  names: Iterable<string>,
): number {
  let above = 0;
  let below = 0;
  for (const name of new Set([...held.keys(), ...names])) {
    const gap = (held.get(name) ?? 0) - targetOf(name);
    if (gap > 0) above += gap;
    else below -= gap;
  }
  return Math.max(above, below);
}
