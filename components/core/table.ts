import type { Panel } from './panel.ts';
import { denseValues } from './panel.ts';

/**
 * Tables as pandas knows them: what artifacts (`report_normal_1day.pkl`) hold. Made for keeping and showing; the engines
 * work on panels and typed arrays.
 */
export type DType = 'float64' | 'float32' | 'int64' | 'int32' | 'bool' | 'datetime64[ns]' | 'object';

/** Cell storage by dtype: typed arrays for numbers, Uint8Array for bool, Float64Array of `Time` (NaN = NaT) for datetimes, plain arrays for objects. */
export type Cells =
  | Float64Array
  | Float32Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | readonly unknown[];

/** One level of row labels. With `codes`, row r has `values[codes[r]]` (code -1: missing); without, `values[r]`. */
export interface IndexLevel {
  readonly name: string | null;
  readonly dtype: DType;
  readonly values: Cells;
  readonly codes: Int32Array | null;
  /** True for a pandas RangeIndex: the values ascend in equal steps and are written as start, stop, step. */
  readonly range?: boolean;
}

/** One label, or one a level for a column MultiIndex. */
export type Label = string | number | null;

export interface TableColumn {
  readonly label: Label | readonly Label[];
  readonly dtype: DType;
  readonly values: Cells;
}

/** A DataFrame. More than one index level is a MultiIndex; a RangeIndex is an int64 level named null with `range: true`. */
export interface Table {
  readonly kind: 'frame';
  readonly index: readonly IndexLevel[];
  readonly columns: readonly TableColumn[];
  /** Names of the column levels; `[null]` if left out. */
  readonly columnNames?: readonly (string | null)[];
}

/** A Series. */
export interface SeriesTable {
  readonly kind: 'series';
  readonly index: readonly IndexLevel[];
  readonly name: Label | readonly Label[];
  readonly dtype: DType;
  readonly values: Cells;
}

/** Number of rows. */
export function rowCount({ index }: Table | SeriesTable): number {
  const [first] = index;
  return first ? (first.codes ?? first.values).length : 0;
}

/** The DataFrame with MultiIndex (datetime, instrument) that a panel stands for. */
export function panelToTable(panel: Panel): Table {
  const { index, columns } = panel;
  const grouped = columns.some((c) => c.group !== null);
  return {
    kind: 'frame',
    index: [
      {
        name: 'datetime',
        dtype: 'datetime64[ns]',
        values: index.times,
        codes: index.timeCodes(),
      },
      {
        name: 'instrument',
        dtype: 'object',
        values: index.instruments,
        codes: index.codes,
      },
    ],
    columns: columns.map((c) => {
      const values = denseValues(c);
      return {
        label: grouped ? [c.group, c.name] : c.name,
        dtype: values instanceof Float32Array ? ('float32' as const) : ('float64' as const),
        values,
      };
    }),
    ...(grouped ? { columnNames: [null, null] } : {}),
  };
}
