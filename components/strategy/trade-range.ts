import { indexRange, type TradeRange, timeOfDayRange } from '../backtest/decision.ts';
import { show } from '../backtest/exchange-options.ts';
import { UserError } from '../core/errors.ts';

/** JSON schema of a `trade_range`. */
export const tradeRangeSchema = {
  anyOf: [
    { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
    { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
    { type: 'object' },
    { type: 'null' },
  ],
} as const;

/**
 * Reads `trade_range`: a pair of inner step numbers, a pair of times of the day such as ["9:30", "14:30"], a
 * TradeRange, or null.
 * @throws UserError for anything else
 */
export function readTradeRange(value: unknown): TradeRange | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value) && value.length === 2) {
    const [first, last] = value as [unknown, unknown];
    if (typeof first === 'number' && typeof last === 'number') return indexRange(first, last);
    const [from, to] = [timeOfDay(first), timeOfDay(last)];
    if (from !== undefined && to !== undefined && from < to) return timeOfDayRange(from, to);
  }
  if (typeof value === 'object' && 'steps' in value && 'clip' in value) return value as TradeRange;
  throw new UserError(`trade_range is ${show(value)}`, {
    hint: 'a pair of step numbers such as [0, 10] or of times such as ["9:30", "14:30"] is needed',
    path: ['trade_range'],
  });
}

function timeOfDay(text: unknown): number | undefined {
  const m = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(String(text));
  return m ? ((Number(m[1]) * 60 + Number(m[2])) * 60 + Number(m[3] ?? 0)) * 1000 : undefined;
}
