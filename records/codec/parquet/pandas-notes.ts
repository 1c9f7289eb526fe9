import {
  type DType,
  type IndexLevel,
  type Label,
  rowCount,
  type SeriesTable,
  type Table,
  type TableColumn,
} from '../../../components/core/table.ts';
import { pythonRepr } from '../../pickle/python-repr.ts';

/** pandas' metadata of a parquet file (key `pandas`): what is index, what the columns are called. */
export interface PandasNotes {
  readonly index_columns: readonly (string | RangeNote)[];
  readonly column_indexes: readonly { readonly name: string | null }[];
  readonly columns: readonly ColumnNote[];
}

export interface RangeNote {
  readonly kind: 'range';
  readonly name: string | null;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

export interface ColumnNote {
  /** Null for a level of the index without a name. */
  readonly name: string | null;
  readonly field_name: string;
  readonly pandas_type: string;
  readonly numpy_type: string;
  readonly metadata: null;
}

/** One column of the file. */
export interface Field {
  readonly name: string;
  readonly dtype: DType;
  readonly level: IndexLevel | null;
  readonly column: TableColumn | null;
}

/** The columns of a table as those of a file: its own, then the levels of the index. */
export function fieldsOf(table: Table | SeriesTable): { fields: Field[]; notes: PandasNotes } {
  const columns: readonly TableColumn[] =
    table.kind === 'frame'
      ? table.columns
      : [{ label: table.name ?? '0', dtype: table.dtype, values: table.values }];
  const fields: Field[] = columns.map((column) => ({
    name: labelText(column.label),
    dtype: column.dtype,
    level: null,
    column,
  }));
  const index = table.index.map((level, i): string | RangeNote => {
    if (level.range && !level.codes) return rangeNote(level, rowCount(table));
    const name = level.name ?? `__index_level_${i}__`;
    fields.push({ name, dtype: level.dtype, level, column: null });
    return name;
  });
  const names = (table.kind === 'frame' && table.columnNames) || [null];
  return {
    fields,
    notes: {
      index_columns: index,
      column_indexes: names.map((name) => ({
        name,
        field_name: name ?? 'None',
        pandas_type: 'unicode',
        numpy_type: 'object',
        metadata: { encoding: 'UTF-8' },
      })),
      columns: fields.map(({ name, dtype, level }) => ({
        name: level ? level.name : name,
        field_name: name,
        pandas_type: pandasTypes[dtype],
        numpy_type: dtype,
        metadata: null,
      })),
    },
  };
}

const pandasTypes: Readonly<Record<DType, string>> = {
  float64: 'float64',
  float32: 'float32',
  int64: 'int64',
  int32: 'int32',
  bool: 'bool',
  'datetime64[ns]': 'datetime',
  object: 'unicode',
};

function rangeNote({ values, name }: IndexLevel, count: number): RangeNote {
  const at = (i: number) => Number(values[i] ?? 0);
  const step = count > 1 ? at(1) - at(0) : 1;
  return { kind: 'range', name, start: at(0), stop: at(0) + step * count, step };
}

/** A label of several levels is written as Python prints the tuple, which is what pandas reads back. */
function labelText(label: Label | readonly Label[]): string {
  return isLevels(label) ? `(${label.map((one) => pythonRepr(one)).join(', ')})` : String(label ?? 'None');
}

function isLevels(label: Label | readonly Label[]): label is readonly Label[] {
  return Array.isArray(label);
}

/** The label that such a text stands for. */
export function labelOf(text: string, levels: number): Label | readonly Label[] {
  if (levels < 2 || !text.startsWith('(')) return text;
  const parts = [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|None|-?\d+(?:\.\d+)?/g)].map(
    ([whole, single, double]) => {
      const quoted = single ?? double;
      if (quoted !== undefined) return unescaped(quoted);
      return whole === 'None' ? null : Number(whole);
    },
  );
  return parts.length === levels ? parts : text;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The text that Python's escapes stand for. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
    (_, x?: string, u?: string, long?: string, one = '') => {
      const code = x ?? u ?? long;
      return code === undefined ? (escapes[one] ?? one) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}
