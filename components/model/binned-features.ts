import type { PanelColumn, PanelIndex } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import { endOfDay } from '../dataset/time-option.ts';
import type { FeatureBlocks, Segment } from '../dataset/types.ts';
import type { BinMapper } from './gbdt/bins/bin-mapper.ts';
import type { BinnedColumn } from './gbdt/data.ts';
import { type BinJob, binColumns, type ColumnToBin, type RowsToBin } from './gbdt/engine/bin-column.ts';
import { binRules } from './gbdt/engine/find-column-bins.ts';
import { firstFree } from './gbdt/engine/layout.ts';
import { sampleRows } from './gbdt/engine/make-shared.ts';
import { checkRoom, roomFor, roomyBytes } from './gbdt/engine/room.ts';
import type { ModelData } from './gbdt/index.ts';
import { modelMappers } from './gbdt/model-mappers.ts';
import type { Params } from './gbdt/params/resolve.ts';

/** The segments of a training: rows of the learn view to train and to stop on, and rows of the infer view to predict. */
export interface TrainedSegments {
  readonly train: Segment;
  readonly valid: Segment | undefined;
  readonly test: Segment | undefined;
}

/** The features of the segments of a training, of which only the bins are held: a byte a value. */
export interface BinnedFeatures {
  readonly train: readonly BinnedColumn[];
  readonly valid: readonly BinnedColumn[];
  readonly test: readonly BinnedColumn[];
  /** Rows of `test` in the infer view. */
  readonly testRows: RowRange;
  /** Where the bins of `train` and `valid` lie, if trees can be grown there. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Can a training do with bins alone? More than a byte holds, categories, zeros that count as missing and the order that `extra_trees` draws in need values. */
export function canTrainOnBins(params: Params): boolean {
  const { max_bin, max_bin_by_feature, zero_as_missing, extra_trees, categorical_feature } = params;
  const widest = Math.max(max_bin, ...max_bin_by_feature);
  return widest <= 255 && !zero_as_missing && !extra_trees && ['', 'auto'].includes(categorical_feature);
}

/**
 * Bins all features block by block, as a training on the segment `train` does: the same sample, the same bins. They lie where trees can be grown if
 * that takes less than `mostBytes`.
 */
export async function binFeatures(
  blocks: FeatureBlocks,
  segments: TrainedSegments,
  params: Params,
  pool: WorkerPool | undefined,
  mostBytes = roomyBytes,
): Promise<BinnedFeatures> {
  const rowsOf = (key: 'learn' | 'infer', segment: Segment | undefined): RowRange =>
    segment ? segmentRows(blocks.view(key).index, segment) : { from: 0, to: 0 };
  const [train, valid] = [rowsOf('learn', segments.train), rowsOf('learn', segments.valid)];
  const test = rowsOf('infer', segments.test);
  const rows = train.to - train.from;
  const count = blocks.features.length;
  checkRoom(rows, count, params.num_class);
  const drawn = sampleRows(params, rows) ?? Uint32Array.from({ length: rows }, (_, i) => i);
  const rules = binRules(params, drawn.length, rows);
  const sampleOf = memo((selection: Uint32Array | null) => {
    const places = new Uint32Array(new SharedArrayBuffer(4 * drawn.length));
    for (let i = 0; i < drawn.length; i++)
      places[i] = selection ? selection[train.from + drawn[i]!]! : train.from + drawn[i]!;
    return places;
  });
  const lengths = [rows, valid.to - valid.from] as const;
  const bytes = roomFor(lengths[0], lengths[1], count, params.num_class);
  const placed = bytes < mostBytes ? placesIn(count, lengths) : undefined;
  const outs = placed?.outs ?? lengths.map((length) => separate(count, length));
  const testOuts = separate(count, test.to - test.from);
  const mappers: BinMapper[] = [];
  await blocks.each(async (block) => {
    const columns = block.places.map((place, k): ColumnToBin => {
      const { values, rows: selection } = block.learn[k]!;
      const set = ({ from }: RowRange, out: Uint8Array): RowsToBin => ({
        values,
        rows: selection,
        from,
        out,
      });
      return {
        mapper: {
          values,
          sampleRows: sampleOf(selection),
          rules: { ...rules, maxBin: params.max_bin_by_feature[place] ?? params.max_bin },
        },
        sets: [
          set(train, outs[0]![place]!),
          set(valid, outs[1]![place]!),
          { ...block.infer[k]!, from: test.from, out: testOuts[place]! },
        ],
      };
    });
    for (const [k, mapper] of (await binned(columns, pool)).entries()) mappers[block.places[k]!] = mapper;
  });
  const columnsOf = (bins: readonly Uint8Array[]) =>
    bins.map((own, place) => ({ bins: own, mapper: mappers[place]! }));
  return {
    train: columnsOf(outs[0]!),
    valid: columnsOf(outs[1]!),
    test: columnsOf(testOuts),
    testRows: test,
    memory: placed?.memory,
  };
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
  const outs = separate(mappers.length, to - from);
  await blocks.each(async ({ places, infer }) => {
    const sets = (place: number, column: PanelColumn) => [{ ...column, from, out: outs[place]! }];
    await binned(
      places.map((place, k) => ({ mapper: mappers[place]!, sets: sets(place, infer[k]!) })),
      pool,
    );
  });
  return outs.map((bins, place) => ({ bins, mapper: mappers[place]! }));
}

/** Bins columns on all threads; returns their mappers. */
async function binned(
  columns: readonly ColumnToBin[],
  pool: WorkerPool | undefined,
): Promise<readonly BinMapper[]> {
  const job: BinJob = { columns, next: new Int32Array(new SharedArrayBuffer(4)) };
  const jobs = Array.from({ length: pool?.size ?? 1 }, () => job);
  const done = pool ? await pool.all<ReturnType<typeof binColumns>>('gbdt-bin', jobs) : jobs.map(binColumns);
  const mappers: BinMapper[] = [];
  for (const [i, mapper] of done.flat()) mappers[i] = mapper;
  return mappers;
}

/** Room for columns of each length in the memory that trees will be grown in. */
function placesIn(
  columns: number,
  lengths: readonly number[],
): { memory: WebAssembly.Memory; outs: Uint8Array[][] } {
  let at = firstFree;
  const places = lengths.map((length) =>
    Array.from({ length: columns }, () => {
      const place = at;
      at = Math.ceil((at + length) / 64) * 64;
      return place;
    }),
  );
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(at / 65_536),
    maximum: 65_536,
    shared: true,
  });
  const view = (place: number, length: number) => new Uint8Array(memory.buffer, place, length);
  return { memory, outs: places.map((own, i) => own.map((place) => view(place, lengths[i]!))) };
}

function separate(columns: number, length: number): Uint8Array[] {
  return Array.from({ length: columns }, () => new Uint8Array(new SharedArrayBuffer(length)));
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
  return columns.map((column) => ({ ...column, bins: column.bins.subarray(from, to) }));
}

function memo<K, V>(f: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, f(key));
    return known.get(key)!;
  };
}
