import { UserError } from '../../components/core/errors.ts';
import type { DType, IndexLevel, SeriesTable, Table, TableColumn } from '../../components/core/table.ts';
import { rowCount } from '../../components/core/table.ts';
import { floatRepr } from '../pickle/python-repr.ts';
import type { Codec } from './codec.ts';
import { inferCells } from './csv-infer.ts';
import { type Grid, parseCsv } from './csv-parse.ts';
import { isTable, plainCell } from './tables.ts';
import { decodeText } from './text-codec.ts';

/**
 * CSV of a table as pandas' `to_csv` writes it: index levels first, floats in shortest form, nothing for what is missing. Read back,
 * columns named `datetime`, `date`, `instrument` or nothing are index levels as long as they come first; dtypes go by the cells.
 */
export const csvCodec: Codec = {
  endings: ['.csv'],
  encode(value) {
    if (!isTable(value))
      throw new UserError('only tables can be written as CSV', {
        hint: 'end the name in .pkl or .json for other values',
      });
    return [new TextEncoder().encode(tableToCsv(value))];
  },
  decode: (bytes) => csvToTable(parseCsv(decodeText(bytes))),
};

function tableToCsv(table: Table | SeriesTable): string {
  const columns: readonly TableColumn[] =
    table.kind === 'frame'
      ? table.columns
      : [{ label: table.name ?? '0', dtype: table.dtype, values: table.values }];
  if (columns.some((c) => Array.isArray(c.label)))
    throw new UserError("a table with several column levels can't be written as CSV", {
      hint: 'end the name in .pkl or .json',
    });
  const { index } = table;
  const lines = [
    [...index.map((l) => l.name ?? ''), ...columns.map((c) => String(c.label ?? ''))].map(quoted).join(','),
  ];
  const count = rowCount(table);
  for (let r = 0; r < count; r++) {
    const cells: string[] = [];
    for (const { codes, values, dtype } of index) {
      const at = codes ? codes[r]! : r;
      cells.push(at < 0 ? '' : cellText(dtype, values[at]));
    }
    for (const { dtype, values } of columns) cells.push(cellText(dtype, values[r]));
    lines.push(cells.join(','));
  }
  return `${lines.join('\n')}\n`;
}

function cellText(dtype: DType, value: unknown): string {
  const plain = plainCell(dtype, value);
  if (plain === null) return '';
  if (typeof plain === 'boolean') return plain ? 'True' : 'False';
  if (typeof plain === 'number') return dtype.startsWith('float') ? floatRepr(plain) : String(plain);
  if (typeof plain === 'string') return quoted(plain);
  if (typeof plain === 'bigint') return String(plain);
  throw new UserError("a table with objects in its cells can't be written as CSV", {
    hint: 'end the name in .pkl',
  });
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const indexNames = new Set(['', 'datetime', 'date', 'instrument']);

function csvToTable({ header, rows }: Grid): Table {
  let levels = 0;
  while (levels < header.length - 1 && indexNames.has(header[levels]!)) levels++;
  const column = (c: number) => inferCells(rows.map((row) => row[c] ?? ''));
  const index = header
    .slice(0, levels)
    .map((name, c): IndexLevel => ({ name: name || null, ...column(c), codes: null }));
  const range: IndexLevel = {
    name: null,
    dtype: 'int64',
    values: BigInt64Array.from({ length: rows.length }, (_, r) => BigInt(r)),
    codes: null,
    range: true,
  };
  return {
    kind: 'frame',
    index: levels > 0 ? index : [range],
    columns: header.slice(levels).map((label, k) => ({ label, ...column(levels + k) })),
  };
}
