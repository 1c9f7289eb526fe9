import { rowCount, type Table, type TableColumn } from '../../../components/core/table.ts';
import { formatCells, formatLabels } from './cells.ts';
import { formatIndex, levelNames, sparsify } from './index.ts';
import { adjoin, fixedWidth, justify, widest, width } from './text.ts';

export interface FormatOptions {
  /** More rows than this are cut to `minRows`, first and last half. Default 60. */
  readonly maxRows?: number;
  /** Default 10. */
  readonly minRows?: number;
  /** Columns are left out in the middle until a line fits. Default 80. */
  readonly width?: number;
  /** Floats in full instead of rounded to six decimals. */
  readonly exact?: boolean;
}

/** What of a table is shown: positions of rows and columns; a cut lies in front of `rowCut` (`columnCut`). */
interface Window {
  readonly rows: readonly number[];
  readonly rowCut: number | null;
  readonly columns: readonly number[];
  readonly columnCut: number | null;
  readonly exact: boolean;
}

/**
 * A DataFrame as pandas prints it with its default options on a terminal of 80 columns (`print(df)`), without a line
 * break at the end. Source: pandas/io/formats/format.py and string.py.
 */
export function formatTable(
  table: Table,
  { maxRows = 60, minRows = 10, width: line = 80, exact = false }: FormatOptions = {},
): string {
  const { columns } = table;
  const count = rowCount(table);
  if (count === 0 || columns.length === 0) return emptyTable(table, count);
  const all = columns.map((_, i) => i);
  const { rows, cut } = cutRows(count, maxRows, minRows);
  const whole = textColumns(table, { rows, rowCut: cut, columns: all, columnCut: null, exact });
  const fitting = columnsThatFit(whole, line);
  let shown = whole;
  if (fitting < columns.length) {
    const half = Math.floor(fitting / 2);
    const kept = [...all.slice(0, half), ...all.slice(-half)];
    shown = textColumns(table, { rows, rowCut: cut, columns: kept, columnCut: half, exact });
  }
  const body = adjoin(1, shown).join('\n');
  if (cut === null && shown === whole) return body;
  return `${body}\n\n[${count} rows x ${columns.length} columns]`;
}

/** The rows that are shown of `count`, and after how many of them dots stand; null: all are. */
export function cutRows(
  count: number,
  maxRows: number,
  minRows: number,
): { rows: number[]; cut: number | null } {
  if (count <= maxRows) return { rows: Array.from({ length: count }, (_, r) => r), cut: null };
  const half = Math.max(1, Math.floor(Math.min(minRows, maxRows) / 2));
  const rows = Array.from({ length: 2 * half }, (_, k) => (k < half ? k : count - 2 * half + k));
  return { rows, cut: half };
}

/** Number of columns that fit: pandas drops the middle one of what is left until the line is short enough, but keeps two. */
function columnsThatFit(columns: readonly (readonly string[])[], line: number): number {
  const lengths = columns.map(widest);
  let excess = lengths.reduce((sum, w) => sum + w + 1, -1) - line + 1;
  while (excess > 0 && lengths.length > 1) {
    const half = lengths.length / 2;
    // Python rounds halves to even
    const middle = half % 1 === 0.5 ? 2 * Math.round(half / 2) : half;
    excess -= lengths.splice(middle, 1)[0]! + 1;
  }
  return Math.max(lengths.length - 1, 2);
}

function textColumns(table: Table, window: Window): string[][] {
  const names = table.index.map((level) => level.name);
  const named = names.some((n) => n !== null);
  const headers = columnHeaders(table, window.columns).map((h) => (named ? [...h, ''] : h));
  const out = [indexColumn(table, window.rows, named)];
  window.columns.forEach((c, k) => {
    const { dtype, values } = table.columns[c]!;
    const header = headers[k]!;
    const cells = formatCells(
      dtype,
      window.rows.map((r) => values[r]),
      window.exact,
    );
    const body = fixedWidth(cells, 'right', widest(header));
    const to = Math.max(widest(body), widest(header));
    out.push([...header.map((h) => justify(h, to, 'right')), ...body]);
  });
  return withDots(out, window);
}

/** Level names and row labels as one column of text, below the names of the column levels. */
function indexColumn(
  { index, columnNames = [null] }: Table,
  rows: readonly number[],
  named: boolean,
): string[] {
  const names = levelNames(index.map((level) => level.name));
  const columns = formatIndex(index, rows).map((texts, k) =>
    fixedWidth(named ? [names[k]!, ...texts] : texts, 'left'),
  );
  return [...levelNames(columnNames), ...adjoin(1, columns)];
}

/** Header lines by column; numbers get a space for the sign in front. */
function columnHeaders({ columns, columnNames = [null] }: Table, kept: readonly number[]): string[][] {
  const depth = columnNames.length;
  const shown = kept.map((c) => columns[c]!);
  const levels = Array.from({ length: depth }, (_, k) => {
    const labels = shown.map(({ label }) => (Array.isArray(label) ? label[k] : label) as unknown);
    const texts = formatLabels('object', labels);
    return texts.map((t, i) => (isNumeric(shown[i]!) ? ` ${t}` : t));
  });
  const sparse = depth > 1 ? sparsify(levels) : levels;
  return shown.map((_, i) => sparse.map((level) => level[i]!));
}

function isNumeric({ dtype }: TableColumn): boolean {
  return dtype !== 'object' && dtype !== 'datetime64[ns]';
}

/** Marks where columns and rows are left out. */
function withDots(columns: string[][], { rows, rowCut, columnCut }: Window): string[][] {
  const out = columns.map((c) => [...c]);
  const height = out[0]!.length;
  if (columnCut !== null) out.splice(columnCut + 1, 0, new Array<string>(height).fill(' ...'));
  if (rowCut === null) return out;
  const at = height - rows.length + rowCut;
  out.forEach((column, k) => {
    const between = columnCut !== null && k === columnCut + 1;
    const room = width(column[at]!);
    const dots = room > 3 || between ? '...' : '..';
    column.splice(at, 0, justify(dots, between ? 4 : room, k === 0 ? 'left' : 'right'));
  });
  return out;
}

function emptyTable({ index, columns }: Table, count: number): string {
  const labels = columns.map(({ label }) => (Array.isArray(label) ? `(${label.join(', ')})` : String(label)));
  const rows = formatIndex(index, cutRows(count, 100, 100).rows).map((c) => c.join(', '));
  return `Empty DataFrame\nColumns: [${labels.join(', ')}]\nIndex: [${rows.join('; ')}]`;
}
