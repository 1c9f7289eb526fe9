import type { PanelColumn, PanelIndex } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import { endOfDay } from '../dataset/time-option.ts';
import type { FeatureBlocks, Segment } from '../dataset/types.ts';
import type { BinMapper } from './gbdt/bins/bin-mapper.ts';
import type { BinnedColumn } from './gbdt/data.ts';
import { type BinColumnJob, binColumn } from './gbdt/engine/bin-column.ts';
import { binRules } from './gbdt/engine/find-column-bins.ts';
import { sampleRows } from './gbdt/engine/make-shared.ts';
import { checkRoom } from './gbdt/engine/room.ts';
import type { ModelData } from './gbdt/index.ts';
import { modelMappers } from './gbdt/model-mappers.ts';
import type { Params } from './gbdt/params/resolve.ts';

/** The features of two views, of which only the bins are held: a byte a value. Rows are those of the views. */
export interface BinnedFeatures {
  readonly infer: readonly BinnedColumn[];
  readonly learn: readonly BinnedColumn[];
}

/** Can a training do with bins alone? More than a byte holds, categories, zeros that count as missing and the order that `extra_trees` draws in need values. */
export function canTrainOnBins(params: Params): boolean {
  const { max_bin, max_bin_by_feature, zero_as_missing, extra_trees, categorical_feature } = params;
  const widest = Math.max(max_bin, ...max_bin_by_feature);
  return widest <= 255 && !zero_as_missing && !extra_trees && ['', 'auto'].includes(categorical_feature);
}

/** Bins all features block by block, as a training on the rows of `segment` in the learn view does: the same sample, the same bins. */
export async function binFeatures(
  blocks: FeatureBlocks,
  segment: Segment,
  params: Params,
  pool: WorkerPool | undefined,
): Promise<BinnedFeatures> {
  const { from, to } = segmentRows(blocks.view('learn').index, segment);
  checkRoom(to - from, blocks.features.length, params.num_class);
  const drawn = sampleRows(params, to - from) ?? Uint32Array.from({ length: to - from }, (_, i) => i);
  const rules = binRules(params, drawn.length, to - from);
  const sampleOf = memo((rows: Uint32Array | null) => {
    const places = new Uint32Array(new SharedArrayBuffer(4 * drawn.length));
    for (let i = 0; i < drawn.length; i++) places[i] = rows ? rows[from + drawn[i]!]! : from + drawn[i]!;
    return places;
  });
  const infer: BinnedColumn[] = [];
  const learn: BinnedColumn[] = [];
  await blocks.each(async (block) => {
    await Promise.all(
      block.places.map(async (place, k) => {
        const own = block.learn[k]!;
        const maxBin = params.max_bin_by_feature[place] ?? params.max_bin;
        const how = { sampleRows: sampleOf(own.rows), rules: { ...rules, maxBin } };
        const column = await binned(own, how, pool);
        learn[place] = column;
        const other = block.infer[k]!;
        // nearly always the learn view has the same values, of fewer rows
        infer[place] =
          other.values === own.values
            ? { ...column, rows: other.rows }
            : await binned(other, column.mapper, pool);
      }),
    );
  });
  return { infer, learn };
}

/** Bins the features of the infer view's rows [from, to) by the thresholds of a model; null where these need the values. */
export async function binForModel(
  model: ModelData,
  blocks: FeatureBlocks,
  { from, to }: RowRange,
  pool: WorkerPool | undefined,
): Promise<BinnedColumn[] | null> {
  const mappers = modelMappers(model);
  if (!mappers) return null;
  const columns: BinnedColumn[] = [];
  await blocks.each(async ({ places, infer }) => {
    await Promise.all(
      places.map(async (place, k) => {
        const { values, rows } = infer[k]!;
        const part = rows
          ? { values, rows: rows.subarray(from, to) }
          : { values: values.subarray(from, to), rows: null };
        columns[place] = await binned(part, mappers[place]!, pool);
      }),
    );
  });
  return columns;
}

async function binned(
  { values, rows }: Pick<PanelColumn, 'values' | 'rows'>,
  mapper: BinColumnJob['mapper'],
  pool: WorkerPool | undefined,
): Promise<BinnedColumn> {
  const isTrivial = 'trivial' in mapper && mapper.trivial;
  const out = new Uint8Array(new SharedArrayBuffer(isTrivial ? 0 : values.length));
  const job: BinColumnJob = { values, mapper, out };
  const found = pool ? await pool.run<BinMapper>('gbdt-bin', job) : binColumn(job);
  return { bins: found.trivial ? out.subarray(0, 0) : out, mapper: found, rows };
}

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Rows of a segment, both ends included. */
export function segmentRows(index: PanelIndex, { start, end }: Segment): RowRange {
  return index.range(start, endOfDay(end));
}

/** Rows [from, to) of columns. */
export function sliceBinned(columns: readonly BinnedColumn[], { from, to }: RowRange): BinnedColumn[] {
  const cut = memo((rows: Uint32Array) => rows.subarray(from, to));
  return columns.map((column) =>
    column.rows
      ? { ...column, rows: cut(column.rows) }
      : { ...column, bins: column.mapper.trivial ? column.bins : column.bins.subarray(from, to) },
  );
}

function memo<K, V>(f: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, f(key));
    return known.get(key)!;
  };
}
