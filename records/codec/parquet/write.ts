import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { UserError } from '../../../components/core/errors.ts';
import { type Cells, type DType, rowCount } from '../../../components/core/table.ts';
import { isTable } from '../tables.ts';
import { type Field, fieldsOf } from './pandas-notes.ts';

type Logical = Pick<SchemaElement, 'type' | 'logical_type' | 'converted_type'>;

const nanoseconds: SchemaElement['logical_type'] = {
  type: 'TIMESTAMP',
  isAdjustedToUTC: false,
  unit: 'NANOS',
};

const types: Readonly<Record<DType, Logical>> = {
  float64: { type: 'DOUBLE' },
  float32: { type: 'FLOAT' },
  int64: { type: 'INT64' },
  int32: { type: 'INT32' },
  bool: { type: 'BOOLEAN' },
  'datetime64[ns]': { type: 'INT64', logical_type: nanoseconds },
  object: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/**
 * The bytes of a parquet file that holds a table or series: Snappy, NaN as NaN, missing texts and dates as null.
 * @throws UserError for what is no table, columns of one name, and object columns with anything but texts
 */
export function writeParquet(value: unknown): Uint8Array[] {
  if (!isTable(value))
    throw new UserError('only tables can be written as parquet', {
      hint: 'end the name in .pkl or .json for other values',
    });
  const { fields, notes } = fieldsOf(value);
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UserError(`two columns are called "${twice}": parquet can't hold both`);
  const writer = new ByteWriter();
  const count = rowCount(value);
  parquetWrite({
    writer,
    columnData: fields.map((field) => ({ name: field.name, data: cells(field, count) })),
    schema: [
      { name: 'schema', num_children: fields.length },
      ...fields.map(
        ({ name, dtype }): SchemaElement => ({
          name,
          ...types[dtype],
          repetition_type: dtype === 'object' || dtype === 'datetime64[ns]' ? 'OPTIONAL' : 'REQUIRED',
        }),
      ),
    ],
    kvMetadata: [
      {
        key: 'pandas',
        value: JSON.stringify({
          ...notes,
          attributes: {},
          creator: { library: 'qrun', version: '1' },
          pandas_version: '2.2.3',
        }),
      },
    ],
    rowGroupSize: 1_000_000,
  });
  return [writer.getBytes()];
}

type Data = Float64Array | Float32Array | Int32Array | BigInt64Array | unknown[];

function cells({ dtype, level, column, name }: Field, count: number): Data {
  const codes = level?.codes;
  const values = (level ?? column)!.values;
  const distinct = plain(dtype, values, name);
  if (!codes) return distinct;
  const missing = dtype === 'object' || dtype === 'datetime64[ns]' ? null : Number.NaN;
  return Array.from({ length: count }, (_, r) => (codes[r]! < 0 ? missing : distinct[codes[r]!]));
}

function plain(dtype: DType, values: Cells, name: string): Data {
  switch (dtype) {
    case 'datetime64[ns]':
      return Array.from(values as ArrayLike<number>, (t) =>
        Number.isNaN(t) ? null : BigInt(Math.round(t * 1000)) * 1000n,
      );
    case 'bool':
      return Array.from(values as ArrayLike<unknown>, Boolean);
    case 'object':
      return Array.from(values as readonly unknown[], (v) => text(v, name));
    default:
      // typed arrays as they are; on shared memory they are copied, which encoders ask for
      return values instanceof Float64Array ||
        values instanceof Float32Array ||
        values instanceof Int32Array ||
        values instanceof BigInt64Array
        ? values
        : Array.from(values as ArrayLike<unknown>);
  }
}

function text(value: unknown, column: string): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  throw new UserError(`column "${column}" holds ${typeof value}s among its objects`, {
    hint: 'parquet columns hold texts or numbers of one type; end the name in .pkl for anything else',
  });
}
