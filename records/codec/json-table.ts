import { UserError } from '../../components/core/errors.ts';
import {
  type Cells,
  type DType,
  type IndexLevel,
  rowCount,
  type SeriesTable,
  type Table,
  type TableColumn,
} from '../../components/core/table.ts';
import type { IndexTable } from '../pickle/values.ts';
import { cellsFrom, dtypes, plainCell } from './tables.ts';

/**
 * A table in pandas' `orient='split'` form: `columns` (a series has `name`), `index`, `data`, each row a list; several index levels
 * or column levels are lists. `dtypes`, `index_names`, `index_dtypes` and `column_names` make it read back the same.
 * Beyond `maxRows`, the first and last rows are given, and `rows` says how many there are.
 */
export function tableToJson(
  table: Table | SeriesTable | IndexTable,
  maxRows = Number.POSITIVE_INFINITY,
): [string, unknown][] {
  const { index } = table;
  const count = (index[0]?.codes ?? index[0]?.values ?? []).length;
  const rows = pickRows(count, maxRows);
  const common: [string, unknown][] = [
    ['index', rows.map((r) => unwrap(index.map((level) => labelAt(level, r))))],
    ['index_names', index.map((level) => level.name)],
    ['index_dtypes', index.map((level) => (level.range ? 'range' : level.dtype))],
  ];
  if (rows.length < count) common.push(['rows', count]);
  if (table.kind === 'index') return [['kind', 'index'], ...common];
  if (table.kind === 'series')
    return [
      ['kind', 'series'],
      ['name', table.name],
      ...common,
      ['data', rows.map((r) => plainCell(table.dtype, table.values[r]))],
      ['dtype', table.dtype],
    ];
  const { columns, columnNames } = table;
  return [
    ['columns', columns.map((c) => c.label)],
    ...(columnNames ? ([['column_names', columnNames]] as [string, unknown][]) : []),
    ...common,
    ['data', rows.map((r) => columns.map((c) => plainCell(c.dtype, c.values[r])))],
    ['dtypes', columns.map((c) => c.dtype)],
  ];
}

function pickRows(count: number, maxRows: number): number[] {
  const shown = Math.min(count, maxRows);
  const head = Math.ceil(shown / 2);
  return Array.from({ length: shown }, (_, k) => (k < head ? k : count - shown + k));
}

function labelAt({ codes, values, dtype }: IndexLevel, r: number): unknown {
  const at = codes ? codes[r]! : r;
  return at < 0 ? null : plainCell(dtype, values[at]);
}

function unwrap(labels: readonly unknown[]): unknown {
  return labels.length === 1 ? labels[0] : labels;
}

type Json = Readonly<Record<string, unknown>>;

/** True for what `tableToJson` made of a frame or a series. */
export function isJsonTable(value: unknown): value is Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = ['index', 'data', 'index_names', 'index_dtypes'];
  return keys.every((k) => Object.hasOwn(value, k) && Array.isArray((value as Json)[k]));
}

/** @throws UserError where the parts do not fit together. */
export function tableFromJson(json: Json): Table | SeriesTable {
  const index = indexFromJson(json);
  const data = list(json['data'], 'data');
  if (json['kind'] === 'series') {
    const dtype = dtypeOf(json['dtype']);
    return {
      kind: 'series',
      index,
      name: json['name'] as SeriesTable['name'],
      dtype,
      values: cells(dtype, data.length, (r) => data[r]),
    };
  }
  const labels = list(json['columns'], 'columns');
  const types = list(json['dtypes'], 'dtypes').map(dtypeOf);
  const columns = labels.map((label, c): TableColumn => {
    const dtype = types[c] ?? 'object';
    return {
      label: label as TableColumn['label'],
      dtype,
      values: cells(dtype, data.length, (r) => list(data[r], 'a row')[c]),
    };
  });
  const names = json['column_names'];
  const table: Table = {
    kind: 'frame',
    index,
    columns,
    ...(Array.isArray(names) ? { columnNames: names as string[] } : {}),
  };
  if (index.length > 0 && columns.length > 0 && rowCount(table) !== data.length)
    throw new UserError(`${data.length} rows of data for ${rowCount(table)} labels`);
  return table;
}

function indexFromJson(json: Json): IndexLevel[] {
  const labels = list(json['index'], 'index');
  const names = list(json['index_names'], 'index_names');
  return list(json['index_dtypes'], 'index_dtypes').map((type, k): IndexLevel => {
    const dtype = type === 'range' ? 'int64' : dtypeOf(type);
    const label =
      names.length === 1 ? (r: number) => labels[r] : (r: number) => list(labels[r], 'a label')[k];
    const name = typeof names[k] === 'string' ? names[k] : null;
    const values = cells(dtype, labels.length, label);
    return { name, dtype, values, codes: null, ...(type === 'range' ? { range: true } : {}) };
  });
}

function cells(dtype: DType, count: number, cell: (i: number) => unknown): Cells {
  return cellsFrom(dtype, count, cell);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UserError(`${what} of a table is no list`);
}

function dtypeOf(value: unknown): DType {
  const found = dtypes.find((d) => d === value);
  if (found) return found;
  throw new UserError(`unknown dtype ${JSON.stringify(value)}`, { hint: `allowed: ${dtypes.join(', ')}` });
}
