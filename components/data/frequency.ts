import { UserError } from '../core/errors.ts';

/** qlib's bar length: `day`, `1min`, `2week`. */
export interface Frequency {
  readonly count: number;
  readonly base: 'min' | 'day' | 'week' | 'month';
}

const bases: Readonly<Record<string, Frequency['base']>> = {
  month: 'month',
  mon: 'month',
  week: 'week',
  w: 'week',
  day: 'day',
  d: 'day',
  minute: 'min',
  min: 'min',
};

/** Reads `day`, `d`, `30min`, `2w`. @throws UserError */
export function parseFrequency(text: string): Frequency {
  const match = /^(\d*)([a-z]+)$/.exec(text.toLowerCase());
  const base = match && Object.hasOwn(bases, match[2]!) ? bases[match[2]!] : undefined;
  const count = match?.[1] ? Number(match[1]) : 1;
  if (!base || count < 1)
    throw new UserError(`unknown freq "${text.slice(0, 100)}"`, {
      hint: 'allowed: a number, which may be left out, and month (mon), week (w), day (d) or minute (min), such as day, 1min, 2week',
    });
  return { count, base };
}

/** The spelling in qlib's file names: `day`, but `1min`, `1week`. */
export function formatFrequency({ count, base }: Frequency): string {
  return count === 1 && base === 'day' ? 'day' : `${count}${base}`;
}

/** Minutes of a bar, as qlib counts them to find the nearest frequency. */
export function frequencyMinutes({ count, base }: Frequency): number {
  return count * { min: 1, day: 24 * 60, week: 7 * 24 * 60, month: 30 * 7 * 24 * 60 }[base];
}
