import { type BinMapper, binFinder } from '../bins/bin-mapper.ts';
import { missingNaN } from '../constants.ts';
import { isBinned } from '../data.ts';
import type { Engine } from './engine.ts';
import { highestKey, keyOfBound } from './float-key.ts';
import { part } from './part.ts';

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

/** Bins this thread's part of the rows, all features, straight from the columns. */
export function binRows(engine: Engine, rank: number, size: number): void {
  const { layout, shared, kernels } = engine;
  const { buffer } = shared.memory;
  const { from, to } = part(shared.train.length, rank, size, chunk);
  const stage = layout.slots + layout.features.length * tableBytes + rank * chunk * 4;
  const staged = new Float32Array(buffer, stage, chunk);
  const finders = layout.features.map(({ mapper }) => binFinder(mapper));
  for (let start = from; start < to; start += chunk) {
    const end = Math.min(start + chunk, to);
    for (const { at, width, count, first, wide } of layout.groups) {
      if (count < width) new Uint8Array(buffer, at + start * width, (end - start) * width).fill(0);
      for (let f = first; f < first + count; f++) {
        const feature = layout.features[f]!;
        const column = shared.train.columns[feature.column]!;
        const bins = feature.at + start * feature.stride;
        if (isBinned(column)) {
          const view = new Uint8Array(buffer, bins);
          const { bins: known, rows } = column;
          for (let row = start; row < end; row++)
            view[(row - start) * feature.stride] = known[rows ? rows[row]! : row]!;
        } else if (column.values instanceof Float32Array && !wide && feature.mapper.kind === 'numerical') {
          const { values, rows } = column;
          if (rows === null) staged.set(values.subarray(start, end));
          else for (let row = start; row < end; row++) staged[row - start] = values[rows[row]!]!;
          const table = layout.slots + f * tableBytes;
          const { missing, upperBounds, defaultBin } = feature.mapper;
          const nanBin = missing === missingNaN ? upperBounds.length - 1 : defaultBin;
          kernels.binFloats(stage, end - start, table, nanBin, bins, feature.stride);
        } else {
          const view = wide ? new Uint16Array(buffer, bins) : new Uint8Array(buffer, bins);
          const stride = wide ? 1 : feature.stride;
          const { values, rows } = column;
          const find = finders[f]!;
          for (let row = start; row < end; row++)
            view[(row - start) * stride] = find(values[rows ? rows[row]! : row]!);
        }
      }
    }
  }
}
