import { allocate, type Values } from '../../core/panel.ts';
import type { BinMapper } from './bins/bin-mapper.ts';

/** A feature as a panel holds it: visible row r is `values[rows ? rows[r] : r]`. */
export interface FeatureColumn {
  readonly name?: string;
  readonly values: Values;
  readonly rows: Uint32Array | null;
}

/**
 * A feature of which only the bins are held: row r is in bin `bins[r]` of `mapper`, which has at most 256. `bins` is
 * empty where the mapper is trivial. Trees that were grown on the bins of this mapper, and those alone, decide by them as they do by values.
 */
export interface BinnedColumn {
  readonly name?: string;
  readonly bins: Uint8Array;
  readonly mapper: BinMapper;
}

/** What trees can be grown on and walked with. */
export type TreeColumn = FeatureColumn | BinnedColumn;

export function isBinned(column: TreeColumn): column is BinnedColumn {
  return 'bins' in column;
}

/** A column with its values. @throws Error where only bins are held: whoever trains on bins must not ask for what needs values */
export function valued(column: TreeColumn): FeatureColumn {
  if (isBinned(column)) throw new Error('values are needed of a feature of which only bins are held');
  return column;
}

/**
 * Columns of a table given row by row, for small data; large ones are best held as typed arrays by column from the start.
 * @throws RangeError for rows of different lengths.
 */
export function columnsOfRows(
  rows: readonly ArrayLike<number>[],
  names?: readonly string[],
): FeatureColumn[] {
  const width = rows[0]?.length ?? names?.length ?? 0;
  const at = rows.findIndex((row) => row.length !== width);
  if (at >= 0) throw new RangeError(`row ${at} has ${rows[at]!.length} values, row 0 has ${width}`);
  return Array.from({ length: width }, (_, f) => ({
    ...(names?.[f] === undefined ? {} : { name: names[f] }),
    values: Float64Array.from(rows, (row) => row[f]!),
    rows: null,
  }));
}

/** Rows to learn from or to evaluate on. */
export interface TrainingData<C extends TreeColumn = FeatureColumn> {
  readonly columns: readonly C[];
  readonly label: ArrayLike<number>;
  readonly weight?: ArrayLike<number> | null;
  /** Scores to start from, `(rows)` or class by class `(classes * rows)`. */
  readonly initScore?: ArrayLike<number> | null;
  /** Rows a query, for ranking. */
  readonly group?: ArrayLike<number> | null;
  /** Where trees may be grown, if the bins of all columns lie in it, without a selection of rows, from `firstFree` of the layout on. */
  readonly memory?: WebAssembly.Memory;
}

/** Training data on shared memory, with labels and weights as float32, as LightGBM holds them. */
export interface SharedData<C extends TreeColumn = FeatureColumn> {
  readonly columns: readonly C[];
  readonly length: number;
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly initScore: Float64Array | null;
  readonly group: Int32Array | null;
  /** See `TrainingData`. */
  readonly memory?: WebAssembly.Memory;
}

/** Shares what is not shared yet; feature columns on shared memory are taken as they are. */
export function shareData(data: TrainingData): SharedData;
export function shareData(data: TrainingData<TreeColumn>): SharedData<TreeColumn>;
export function shareData(data: TrainingData<TreeColumn>): SharedData<TreeColumn> {
  const length = data.label.length;
  return {
    columns: data.columns.map((column) => {
      if (isBinned(column)) return column;
      const { name, values, rows } = column;
      return {
        ...(name === undefined ? {} : { name }),
        values: shared(values),
        rows: rows && sharedRows(rows),
      };
    }),
    length,
    label: bounded(data.label),
    weight: data.weight ? bounded(data.weight) : null,
    initScore: data.initScore ? float64(data.initScore) : null,
    group: data.group ? Int32Array.from(data.group) : null,
    ...(data.memory ? { memory: data.memory } : {}),
  };
}

function shared(values: Values): Values {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy =
    values instanceof Float32Array ? allocate('f32', values.length) : allocate('f64', values.length);
  copy.set(values);
  return copy;
}

function sharedRows(rows: Uint32Array): Uint32Array {
  if (rows.buffer instanceof SharedArrayBuffer) return rows;
  const copy = new Uint32Array(new SharedArrayBuffer(rows.length * 4));
  copy.set(rows);
  return copy;
}

/** As float32; NaN is 0 and infinities are 1e38 (LightGBM's AvoidInf). */
function bounded(values: ArrayLike<number>): Float32Array {
  const out = allocate('f32', values.length);
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    out[i] = Number.isNaN(x) ? 0 : Math.max(-1e38, Math.min(1e38, x));
  }
  return out;
}

function float64(values: ArrayLike<number>): Float64Array {
  const out = allocate('f64', values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i]!;
  return out;
}
