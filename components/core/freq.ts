import { type KeyPath, UserError } from './errors.ts';

export type FreqUnit = 'min' | 'day' | 'week' | 'month';

/** A frequency as qlib reads it: `week` is {count: 1, unit: 'week'}, `30min` is {count: 30, unit: 'min'}. */
export interface Freq {
  readonly count: number;
  readonly unit: FreqUnit;
}

const units: Readonly<Record<string, FreqUnit>> = {
  month: 'month',
  mon: 'month',
  week: 'week',
  w: 'week',
  day: 'day',
  d: 'day',
  minute: 'min',
  min: 'min',
};

/**
 * Parses `day`, `1day`, `2d`, `week`, `3mon`, `30min`, `minute`; case does not count (qlib `utils/time.py`
 * Freq.parse).
 * @throws UserError for anything else.
 */
export function parseFreq(text: string, path: KeyPath = []): Freq {
  const m = /^(\d*)(month|mon|week|w|day|d|minute|min)$/.exec(text.toLowerCase());
  const count = m?.[1] ? Number(m[1]) : 1;
  if (!m || count < 1)
    throw new UserError(`unknown frequency "${text}"`, {
      hint: 'allowed: (n)month or mon, (n)week or w, (n)day or d, (n)minute or min, such as day, 2week, 30min',
      path,
    });
  return { count, unit: units[m[2]!]! };
}

/** The form with a count that qlib puts into artifact and metric names: `1day`, `30min`. */
export function freqKey(text: string): string {
  const { count, unit } = parseFreq(text);
  return `${count}${unit}`;
}
