import { formatTime, parseTime } from '../../components/core/dates.ts';
import type { Cells, DType, SeriesTable, Table } from '../../components/core/table.ts';
import type { IndexTable } from '../pickle/values.ts';

/** True for a DataFrame or Series of ours. */
export function isTable(value: unknown): value is Table | SeriesTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'frame' || value.kind === 'series') &&
    'index' in value &&
    Array.isArray(value.index)
  );
}

/** True for a pandas Index that stands alone. */
export function isIndexTable(value: object): value is IndexTable {
  return 'kind' in value && value.kind === 'index' && 'index' in value;
}

export const dtypes: readonly DType[] = [
  'float64',
  'float32',
  'int64',
  'int32',
  'bool',
  'datetime64[ns]',
  'object',
];

/** `count` cells of a dtype from plain values; `cell(i)` is the i-th. NaN where a float or a time is null. */
export function cellsFrom(dtype: DType, count: number, cell: (i: number) => unknown): Cells {
  const fill = <T>(out: { [i: number]: T }, map: (value: unknown) => T) => {
    for (let i = 0; i < count; i++) out[i] = map(cell(i));
    return out;
  };
  const number = (v: unknown) => (v === null || v === undefined || v === '' ? Number.NaN : Number(v));
  switch (dtype) {
    case 'float64':
      return fill(new Float64Array(count), number) as Float64Array;
    case 'float32':
      return fill(new Float32Array(count), number) as Float32Array;
    case 'int64':
      return fill(new BigInt64Array(count), (v) => BigInt(v as string)) as BigInt64Array;
    case 'int32':
      return fill(new Int32Array(count), number) as Int32Array;
    case 'bool':
      return fill(new Uint8Array(count), (v) =>
        v === true || v === 'True' || v === 1 ? 1 : 0,
      ) as Uint8Array;
    case 'datetime64[ns]':
      return fill(new Float64Array(count), timeOf) as Float64Array;
    case 'object':
      return fill(new Array<unknown>(count), (v) => v ?? null) as unknown[];
  }
}

function timeOf(value: unknown): number {
  return typeof value === 'string' ? (parseTime(value) ?? Number.NaN) : Number.NaN;
}

/** A cell as JSON and CSV know it: numbers, texts, null for what is missing. */
export function plainCell(dtype: DType, value: unknown): unknown {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (dtype === 'datetime64[ns]') return formatMoment(value as number);
  if (dtype === 'bool') return value === 1 || value === true;
  // JSON's readers hold numbers in doubles
  if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) return String(value);
  return value;
}

/** A date, or date and time to the millisecond. */
function formatMoment(time: number): string {
  const text = formatTime(time);
  const fraction = ((time % 1000) + 1000) % 1000;
  return fraction === 0
    ? text
    : `${text.length > 10 ? text : `${text} 00:00:00`}.${String(Math.floor(fraction)).padStart(3, '0')}`;
}
