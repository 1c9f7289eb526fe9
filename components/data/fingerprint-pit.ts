import { hash } from 'node:crypto';
import { type BinPrint, type FieldPrint, type FrequencyPrint, hashOfField } from './field-print.ts';
import { digits } from './fingerprint-task.ts';
import { type PitField, readPitField } from './point-in-time/pit-field.ts';
import type { DataReads, PitRead } from './provider.ts';

/** What point-in-time data is called among the frequencies of a fingerprint; it has no calendar. */
export const pitFrequency = 'pit';

/** Prints of point-in-time fields, `$$roe_q`: a hash of what was published in each year. */
export function pitPrint(
  { folder, fields: reads }: NonNullable<DataReads['pointInTime']>,
  lastDateOf: (read: PitRead) => string | null = () => null,
): FrequencyPrint {
  const byField = new Map<string, Record<string, BinPrint>>();
  const sorted = [...reads].sort((a, b) => order(a.field, b.field) || order(a.instrument, b.instrument));
  for (const read of sorted) {
    const { instrument, field } = read;
    const print = printOf(
      readPitField(read, `${instrument} $$${field}`, field.endsWith('_q')),
      lastDateOf(read),
    );
    if (!print) continue;
    const instruments = byField.get(field) ?? (Object.create(null) as Record<string, BinPrint>);
    byField.set(field, instruments);
    instruments[instrument] = print;
  }
  const fields: Record<string, FieldPrint> = {};
  for (const [field, instruments] of byField)
    fields[`$$${field}`] = { hash: hashOfField(instruments), instruments };
  return { freq: pitFrequency, folder, calendar: { hash: '', count: 0, times: [] }, fields };
}

function printOf({ dates, periods, values }: PitField, last: string | null): BinPrint | undefined {
  const end = last === null ? Number.POSITIVE_INFINITY : Number(last.replaceAll('-', ''));
  const count = dates.findLastIndex((date) => date <= end) + 1;
  if (count === 0) return undefined;
  const years: Record<string, string> = {};
  const yearOf = (r: number) => String(Math.floor(dates[r]! / 10_000));
  for (let from = 0; from < count; ) {
    let to = from;
    while (to < count && yearOf(to) === yearOf(from)) to++;
    const lines = Array.from({ length: to - from }, (_, k) =>
      [dates[from + k], periods[from + k], values[from + k]].join(' '),
    );
    years[yearOf(from)] = hash('sha256', lines.join('\n')).slice(0, digits);
    from = to;
  }
  return { start: dayText(dates[0]!), end: dayText(dates[count - 1]!), count, years };
}

const dayText = (date: number) => String(date).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
