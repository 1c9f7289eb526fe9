import { type BinMapper, binFinder } from '../bins/bin-mapper.ts';
import { missingNaN } from '../constants.ts';
import { isBinned, type SharedData, type TreeColumn } from '../data.ts';
import type { Engine } from './engine.ts';
import { highestKey, keyOfBound } from './float-key.ts';
import { isNarrow } from './layout.ts';
import { part } from './part.ts';
import { threadPlaces } from './row-lists.ts';
import { ValueStage } from './stage-values.ts';

/** Bytes of one feature's table. */
export const tableBytes = 1024 + 64;
/** Rows binned at a time: their bins of one group stay in the cache while its columns pass by. */
const chunk = 8192;

/** Bytes that the tables of all features need at `slots`. */
export function binTableBytes(features: number, threads: number): number {
  return features * tableBytes + threads * chunk * 4;
}

/** The keys of each feature's bounds, to bin float32 columns by. They lie where slots will be. */
export function makeBinTables(engine: Engine, rank: number, size: number): void {
  const { layout, shared } = engine;
  for (let f = rank; f < layout.features.length; f += size) {
    const { mapper } = layout.features[f]!;
    if (mapper.kind === 'categorical' || mapper.bins > 256) continue;
    fillBinTable(shared.memory.buffer, layout.slots + f * tableBytes, mapper);
  }
}

/** Writes the keys of a feature's bounds at an address, as `Kernels.binFloats` reads them. */
export function fillBinTable(buffer: ArrayBufferLike, at: number, { upperBounds, missing }: BinMapper): void {
  const keys = new Int32Array(buffer, at, 256 + 16).fill(highestKey);
  const compared = upperBounds.length - (missing === missingNaN ? 1 : 0);
  for (let b = 0; b < compared; b++) keys[b] = keyOfBound(upperBounds[b]!);
  for (let k = 0; k < 16; k++) keys[256 + k] = keys[16 * k + 15]!;
}

/** Bins this thread's part of the rows of all sets, straight from the columns. */
export function binRows(engine: Engine, rank: number, size: number): void {
  const { layout, shared, kernels } = engine;
  const { spare } = threadPlaces(layout.threads, rank);
  const bin = makeBinner(engine, rank);
  const { train, valids, placed } = shared;
  eachChunk(train.length, rank, size, (start, end) => {
    for (const { at, width, count, first, wide, columns } of layout.groups) {
      const byFeature = layout.features[first]!.columnAt !== 0;
      if (!placed)
        for (let f = first; f < first + count; f++) {
          const feature = layout.features[f]!;
          if (wide || !byFeature)
            bin(train, f, start, end, feature.at + start * feature.stride, feature.stride);
          else bin(train, f, start, end, feature.columnAt + start, 1);
        }
      if (!wide && byFeature)
        kernels.interleave(columns, start, count, end - start, at + start * width, width, spare);
    }
  });
  for (const [i, places] of layout.valids.entries()) {
    if (placed?.valids[i]) continue;
    eachChunk(valids[i]!.length, rank, size, (start, end) => {
      for (const [f, at] of places.entries()) if (at !== 0) bin(valids[i]!, f, start, end, at + start, 1);
    });
  }
}

function eachChunk(
  length: number,
  rank: number,
  size: number,
  visit: (start: number, end: number) => void,
): void {
  const { from, to } = part(length, rank, size, chunk);
  for (let start = from; start < to; start += chunk) visit(start, Math.min(start + chunk, to));
}

/** Writes the bins of the rows [start, end) of a feature to `at`, `at + stride`, ... */
type Binner = (
  data: SharedData<TreeColumn>,
  feature: number,
  start: number,
  end: number,
  at: number,
  stride: number,
) => void;

function makeBinner({ layout, shared, kernels }: Engine, rank: number): Binner {
  const { buffer } = shared.memory;
  const stageAt = layout.slots + layout.features.length * tableBytes + rank * chunk * 4;
  const stage = new ValueStage(new Float32Array(buffer, stageAt, chunk));
  const finders = layout.features.map(({ mapper }) => binFinder(mapper));
  return (data, f, start, end, at, stride) => {
    const feature = layout.features[f]!;
    const column = data.columns[feature.column]!;
    const { mapper } = feature;
    const wide = !isNarrow(feature);
    if (isBinned(column)) {
      const view = new Uint8Array(buffer, at);
      for (let row = start; row < end; row++) view[(row - start) * stride] = column.bins[row]!;
      return;
    }
    if (column.values instanceof Float32Array && !wide && mapper.kind === 'numerical') {
      stage.copy(column, start, end);
      const nanBin = mapper.missing === missingNaN ? mapper.bins - 1 : mapper.defaultBin;
      kernels.binFloats(stageAt, end - start, layout.slots + f * tableBytes, nanBin, at, stride);
      return;
    }
    const view = wide ? new Uint16Array(buffer, at) : new Uint8Array(buffer, at);
    const apart = wide ? 1 : stride;
    const { values, rows } = column;
    const find = finders[f]!;
    for (let row = start; row < end; row++)
      view[(row - start) * apart] = find(values[rows ? rows[row]! : row]!);
  };
}
