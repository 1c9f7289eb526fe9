import { hash } from 'node:crypto';

/** The values of one instrument's field: first and last day, number of values, and a hash a year. */
export interface BinPrint {
  readonly start: string;
  readonly end: string;
  readonly count: number;
  readonly years: Readonly<Record<string, string>>;
}

export interface FieldPrint {
  readonly hash: string;
  readonly instruments: Readonly<Record<string, BinPrint>>;
}

export interface CalendarPrint {
  readonly hash: string;
  readonly count: number;
  /** All times; null for a calendar too long to be listed. */
  readonly times: readonly string[] | null;
}

export interface FrequencyPrint {
  readonly freq: string;
  /** Where the data was; no part of the hashes. */
  readonly folder: string;
  readonly calendar: CalendarPrint;
  readonly fields: Readonly<Record<string, FieldPrint>>;
}

/** A field's hash from those of its instruments. */
export function hashOfField(instruments: Readonly<Record<string, BinPrint>>): string {
  const lines = Object.entries(instruments).map(
    ([name, { start, end, count, years }]) =>
      `${name} ${start} ${end} ${count} ${Object.values(years).join(' ')}`,
  );
  return hash('sha256', lines.join('\n'));
}
