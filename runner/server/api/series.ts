import { formatTime } from '../../../components/core/dates.ts';
import type { Cells, SeriesTable, Table } from '../../../components/core/table.ts';

/** Numbers as they are sent: enough digits for a chart, null for what is missing. */
export function sentNumbers(values: ArrayLike<number | bigint>): (number | null)[] {
  return Array.from(values as ArrayLike<number>, (value) => {
    const x = Number(value);
    return Number.isFinite(x) ? Number(x.toPrecision(7)) : null;
  });
}

/** The days of a table by day. */
export function timesOf({ index }: Table | SeriesTable): Float64Array {
  const [level] = index;
  if (level?.dtype !== 'datetime64[ns]') return new Float64Array();
  const values = level.values as Float64Array;
  return level.codes ? Float64Array.from(level.codes, (code) => values[code] ?? Number.NaN) : values;
}

export const daysOf = (times: ArrayLike<number>): string[] =>
  Array.from(times, (time) => formatTime(time).slice(0, 16));

/** A column by name; undefined where there is none that holds numbers. */
export function numbersOf(table: Table | SeriesTable, name: string): Float64Array | undefined {
  const column = table.kind === 'frame' ? table.columns.find((c) => c.label === name) : table;
  return column && column.dtype !== 'object' ? asNumbers(column.values) : undefined;
}

export function asNumbers(values: Cells): Float64Array {
  return Float64Array.from(values as ArrayLike<number>, Number);
}
