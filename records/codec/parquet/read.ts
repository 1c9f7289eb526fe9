import { type FileMetaData, parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { UserError } from '../../../components/core/errors.ts';
import type { DType, IndexLevel, Table, TableColumn } from '../../../components/core/table.ts';
import { cellsFrom } from '../tables.ts';
import { decompressors } from './decompress.ts';
import { labelOf, type PandasNotes, type RangeNote } from './pandas-notes.ts';

/**
 * The table in a parquet file. What pandas noted as its index becomes the index, else the rows are numbered. Whole columns with nulls are
 * float64 (NaN), nested ones objects; times are kept to the millisecond.
 * @throws UserError where the file is broken or compressed in a way that is not known
 */
export async function readParquet(bytes: Uint8Array): Promise<Table> {
  const buffer = new Uint8Array(bytes).buffer;
  try {
    const metadata = parquetMetadata(buffer);
    const columns = await readColumns(buffer, metadata);
    return tableOf(columns, notesOf(metadata), Number(metadata.num_rows));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`broken parquet: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

interface ReadColumn {
  readonly name: string;
  readonly dtype: DType;
  readonly values: TableColumn['values'];
}

const parsers = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros: bigint) => Number(micros) / 1000,
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1000n) / 1000,
  dateFromDays: (days: number) => days * 86_400_000,
};

async function readColumns(buffer: ArrayBuffer, metadata: FileMetaData): Promise<ReadColumn[]> {
  const rows = Number(metadata.num_rows);
  const cells = new Map<string, unknown[]>();
  await parquetRead({
    file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
    metadata,
    compressors: decompressors,
    parsers,
    geoparquet: false,
    onChunk({ columnName, columnData, rowStart }) {
      let column = cells.get(columnName);
      if (!column) cells.set(columnName, (column = new Array<unknown>(rows).fill(null)));
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
    },
  });
  const fields = topLevel(metadata.schema);
  return fields.map((element) => {
    const values = cells.get(element.name) ?? new Array<unknown>(rows).fill(null);
    const dtype = dtypeOf(element, values);
    return { name: element.name, dtype, values: cellsFrom(dtype, rows, cellOf(dtype, values)) };
  });
}

/** `cellsFrom` reads times from texts; ours are numbers. */
function cellOf(dtype: DType, values: readonly unknown[]): (i: number) => unknown {
  if (dtype !== 'datetime64[ns]') return (i) => values[i];
  return (i) => {
    const time = values[i];
    return typeof time === 'number' && !Number.isNaN(time) ? new Date(time).toISOString().slice(0, -1) : null;
  };
}

/** The columns of the file, without what is inside of nested ones. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const found: SchemaElement[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let i = 0; i < (schema[at]?.num_children ?? 0); i++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) found.push(schema[at]!);
  return found;
}

function dtypeOf(element: SchemaElement, values: readonly unknown[]): DType {
  const { type, logical_type: logical, converted_type: converted, num_children } = element;
  if (num_children !== undefined || element.repetition_type === 'REPEATED') return 'object';
  const hasNulls = values.some((v) => v === null || v === undefined);
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP') || converted === 'DATE')
    return 'datetime64[ns]';
  if (logical?.type === 'DATE') return 'datetime64[ns]';
  if (converted === 'DECIMAL' || logical?.type === 'FLOAT16') return 'float64';
  switch (type) {
    case 'DOUBLE':
      return 'float64';
    case 'FLOAT':
      return 'float32';
    case 'INT64':
      return hasNulls ? 'float64' : 'int64';
    case 'INT32':
      return hasNulls ? 'float64' : 'int32';
    case 'BOOLEAN':
      return hasNulls ? 'object' : 'bool';
    case undefined:
    case 'INT96':
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return type === 'INT96' ? 'datetime64[ns]' : 'object';
  }
}

function notesOf(metadata: FileMetaData): PandasNotes | undefined {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'pandas')?.value;
  if (text === undefined) return undefined;
  try {
    const notes = JSON.parse(text) as Partial<PandasNotes> | null;
    const isComplete =
      Array.isArray(notes?.index_columns) &&
      Array.isArray(notes.columns) &&
      Array.isArray(notes.column_indexes);
    return isComplete ? (notes as PandasNotes) : undefined;
  } catch {
    return undefined;
  }
}

function tableOf(columns: readonly ReadColumn[], notes: PandasNotes | undefined, rows: number): Table {
  const levels = notes?.column_indexes.length ?? 1;
  const names = new Map(notes?.columns.map((c) => [c.field_name, c.name]));
  const index = (notes?.index_columns ?? []).flatMap((note): IndexLevel[] => {
    if (typeof note !== 'string') return [rangeLevel(note, rows)];
    const column = columns.find(({ name }) => name === note);
    return column
      ? [{ name: names.get(note) ?? null, dtype: column.dtype, values: column.values, codes: null }]
      : [];
  });
  const isIndex = new Set(notes?.index_columns.filter((note) => typeof note === 'string'));
  const numbered = rangeLevel({ kind: 'range', name: null, start: 0, stop: rows, step: 1 }, rows);
  return {
    kind: 'frame',
    index: index.length > 0 ? index : [numbered],
    columns: columns
      .filter(({ name }) => !isIndex.has(name))
      .map(({ name, dtype, values }) => ({ label: labelOf(name, levels), dtype, values })),
    ...(notes && levels > 1 ? { columnNames: notes.column_indexes.map(({ name }) => name) } : {}),
  };
}

function rangeLevel({ name, start, step }: RangeNote, rows: number): IndexLevel {
  const values = BigInt64Array.from({ length: rows }, (_, i) => BigInt(start + step * i));
  return { name, dtype: 'int64', values, codes: null, range: true };
}
