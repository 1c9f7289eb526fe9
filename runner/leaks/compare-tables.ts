import { formatTime, type Time } from '../../components/core/dates.ts';
import { type Cells, type Label, rowCount, type Table } from '../../components/core/table.ts';
import { type Difference, distance, resultTolerance, sizeOf } from './difference.ts';

/** Rows of two tables that belong to days until `until`, by their labels and order, one difference a column. */
export function compareTables(part: string, whole: Table, cut: Table, until: Time): Difference[] {
  const rows = rowsUntil(whole, until);
  const others = rowsUntil(cut, until);
  const found: Difference[] = [];
  const missing = [...rows].find(([key]) => !others.has(key)) ?? [...others].find(([key]) => !rows.has(key));
  if (missing) {
    const [key, { time, instrument }] = missing;
    const isCut = !rows.has(key);
    found.push({
      ...{ part, column: 'rows', time, instrument },
      count:
        [...rows.keys()].filter((k) => !others.has(k)).length +
        [...others.keys()].filter((k) => !rows.has(k)).length,
      whole: isCut ? 'no row' : 'a row',
      cut: isCut ? 'a row' : 'no row',
    });
  }
  for (const column of whole.columns) {
    const other = cut.columns.find((c) => nameOf(c.label) === nameOf(column.label));
    if (!other) continue;
    const scale = usualSize(column.values);
    let worst = 0;
    let at: Difference | undefined;
    let count = 0;
    for (const [key, { row, time, instrument }] of rows) {
      const mate = others.get(key);
      if (!mate) continue;
      const [a, b] = [cellAt(column.values, row), cellAt(other.values, mate.row)];
      if (cellDistance(a, b, scale) === 0) continue;
      count++;
      const size = typeof a === 'number' && typeof b === 'number' ? sizeOf(a, b) : Number.POSITIVE_INFINITY;
      if (size > worst) {
        worst = size;
        at = { part, column: nameOf(column.label), count, time, instrument, whole: a, cut: b };
      }
    }
    if (at) found.push({ ...at, count });
  }
  return found;
}

const nameOf = (label: Label | readonly Label[]) => (Array.isArray(label) ? label.join('.') : String(label));
const cellAt = (values: Cells, row: number): unknown => values[row];

/** Root mean square of the numbers of a column. */
function usualSize(values: Cells): number {
  let sum = 0;
  let count = 0;
  for (const value of values)
    if (typeof value === 'number' && Number.isFinite(value)) {
      sum += value * value;
      count++;
    }
  return count > 0 ? Math.sqrt(sum / count) : 0;
}

function cellDistance(a: unknown, b: unknown, scale: number): number {
  if (typeof a === 'number' && typeof b === 'number') return distance(a, b, resultTolerance, scale);
  return Object.is(a, b) || String(a) === String(b) ? 0 : Number.POSITIVE_INFINITY;
}

interface Row {
  readonly row: number;
  readonly time: Time;
  readonly instrument: string | null;
}

/** Rows by the labels of time and instrument, numbered where several share them. */
function rowsUntil(table: Table, until: Time): Map<string, Row> {
  const levels = table.index.map(({ name, dtype, values, codes }) => ({
    name,
    dtype,
    at: (row: number): unknown => (codes ? cellAt(values, codes[row]!) : cellAt(values, row)),
  }));
  const columns = table.columns.map(({ label, dtype, values }) => ({
    name: nameOf(label),
    dtype,
    at: (row: number) => cellAt(values, row),
  }));
  const time = [...levels, ...columns].find((c) => c.dtype === 'datetime64[ns]');
  const instrument = [...levels, ...columns].find((c) => c.name === 'instrument');
  const found = new Map<string, Row>();
  if (!time) return found;
  const seen = new Map<string, number>();
  for (let row = 0; row < rowCount(table); row++) {
    const when = Number(time.at(row));
    if (!(when <= until)) continue;
    const who = instrument ? String(instrument.at(row)) : null;
    const label = `${formatTime(when)} ${who ?? ''}`;
    const number = seen.get(label) ?? 0;
    seen.set(label, number + 1);
    found.set(`${label} ${number}`, { row, time: when, instrument: who });
  }
  return found;
}
