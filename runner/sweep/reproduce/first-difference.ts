import { formatTime } from '../../../components/core/dates.ts';
import {
  type Cells,
  type IndexLevel,
  rowCount,
  type SeriesTable,
  type Table,
} from '../../../components/core/table.ts';

type AnyTable = Table | SeriesTable;

/** Where two values of artifacts differ first, in words; undefined where no difference is found. */
export function firstDifference(before: unknown, after: unknown): string | undefined {
  if (isTable(before) && isTable(after)) return tableDifference(before, after);
  return valueDifference(before, after, '');
}

const isTable = (value: unknown): value is AnyTable => {
  const kind = typeof value === 'object' && value !== null ? Reflect.get(value, 'kind') : undefined;
  return kind === 'frame' || kind === 'series';
};

function tableDifference(a: AnyTable, b: AnyTable): string | undefined {
  const [columnsA, columnsB] = [columnsOf(a), columnsOf(b)];
  const names = columnsA.map((c) => c.name).join(', ');
  const otherNames = columnsB.map((c) => c.name).join(', ');
  if (names !== otherNames) return `columns ${names} against ${otherNames}`;
  const [n, m] = [rowCount(a), rowCount(b)];
  for (let row = 0; row < Math.min(n, m); row++) {
    const [x, y] = [labelAt(a.index, row), labelAt(b.index, row)];
    if (x !== y) return `row ${row} is ${x} against ${y}`;
    for (const [j, column] of columnsA.entries()) {
      const [v, w] = [column.values[row], columnsB[j]!.values[row]];
      if (!isSame(v, w)) return `row ${row} (${x}), ${column.name}: ${show(v)} against ${show(w)}`;
    }
  }
  return n === m ? undefined : `${n} rows against ${m}`;
}

function columnsOf(table: AnyTable): { name: string; values: Cells }[] {
  return table.kind === 'series'
    ? [{ name: String(table.name), values: table.values }]
    : table.columns.map(({ label, values }) => ({ name: String(label), values }));
}

function labelAt(index: readonly IndexLevel[], row: number): string {
  return index
    .map(({ values, codes, dtype }) => {
      const value = values[codes ? codes[row]! : row];
      return dtype === 'datetime64[ns]' && typeof value === 'number' ? formatTime(value) : String(value);
    })
    .join(', ');
}

function valueDifference(a: unknown, b: unknown, path: string): string | undefined {
  const at = path === '' ? '' : `${path}: `;
  if (isTable(a) && isTable(b)) {
    const found = tableDifference(a, b);
    return found && `${at}${found}`;
  }
  const [x, y] = [entriesOf(a), entriesOf(b)];
  if (!x || !y) return isSame(a, b) ? undefined : `${at}${show(a)} against ${show(b)}`;
  for (const [key, value] of x) {
    if (!y.has(key)) return `${at}${key} is gone`;
    const found = valueDifference(value, y.get(key), path === '' ? key : `${path}.${key}`);
    if (found) return found;
  }
  for (const key of y.keys()) if (!x.has(key)) return `${at}${key} is new`;
  return undefined;
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (value instanceof Map) return new Map([...value].map(([key, v]) => [show(key), v]));
  if (Array.isArray(value)) return new Map(value.map((v, i) => [String(i), v]));
  if (ArrayBuffer.isView(value)) return entriesOf(Array.from(value as unknown as ArrayLike<unknown>));
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

const isSame = (a: unknown, b: unknown) =>
  Object.is(a, b) ||
  (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '').slice(0, 80) : String(value);
