import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { adjusted } from './adjust.ts';
import { float32AsDumped } from './float32-as-dumped.ts';
import type { Layout } from './layout.ts';
import type { Part, ReadOptions } from './options.ts';
import type { GrowingRows } from './rows.ts';

/** Sorts rows by time, adjusts prices, and rounds to float32. @throws UserError for a time that is there twice */
export function finishRows(rows: GrowingRows, layout: Layout, options: ReadOptions, source: string): Part {
  const order = orderOf(rows, options.duplicates, source);
  const pick = (values: Float64Array) =>
    order ? Float64Array.from(order, (row) => values[row]!) : values.subarray(0, rows.length);
  const times = pick(rows.times);
  const columns = new Map(layout.read.map(({ name }, c) => [name, pick(rows.columns[c]!)]));
  const fields = options.factor ? adjusted(columns, options.factor, times.length) : columns;
  return {
    instrument: rows.instrument,
    source,
    times: times.slice(),
    fields: layout.fields,
    columns: layout.fields.map((field) =>
      options.factor ? float32AsDumped(fields.get(field)!) : Float32Array.from(fields.get(field)!),
    ),
  };
}

/** Rows by ascending time; null where they are so already. */
function orderOf(
  { times, lines, length, instrument }: GrowingRows,
  duplicates: ReadOptions['duplicates'],
  source: string,
): Uint32Array | null {
  let ascends = true;
  let descends = true;
  for (let i = 1; i < length && (ascends || descends); i++) {
    if (!(times[i - 1]! < times[i]!)) ascends = false;
    if (!(times[i - 1]! > times[i]!)) descends = false;
  }
  if (ascends) return null;
  const order = Uint32Array.from({ length }, (_, i) => (descends ? length - 1 - i : i));
  if (descends) return order;
  order.sort((a, b) => times[a]! - times[b]! || a - b);
  const kept: number[] = [];
  for (const row of order) {
    const before = kept.at(-1);
    if (before === undefined || times[before]! < times[row]!) kept.push(row);
    else if (duplicates === 'last') kept[kept.length - 1] = row;
    else if (duplicates === 'error')
      throw new UserError(
        `${source}:${lines[row]}: duplicate time ${formatTime(times[row]!)} of ${instrument}, there already in line ${lines[before]}`,
        { hint: 'each time may be there once; --duplicates first or last keeps one of them' },
      );
  }
  return Uint32Array.from(kept);
}
