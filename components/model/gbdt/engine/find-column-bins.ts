import type { Values } from '../../../core/panel.ts';
import type { DistinctSpace } from '../bins/distinct.ts';
import { type BinRules, findBins } from '../bins/find-bins.ts';
import { findCategories } from '../bins/find-categories.ts';
import { zeroThreshold } from '../constants.ts';
import { type FeatureColumn, isBinned } from '../data.ts';
import type { Params } from '../params/resolve.ts';
import type { Engine } from './engine.ts';
import type { Kernels } from './kernels.ts';
import type { EngineShared } from './shared.ts';

const countBytes = 24_576;

/** Bytes that each thread needs to sort a sample and to tell its distinct values. */
export function sampleBytes(rows: number): number {
  return Math.ceil((rows * 8 + countBytes + 16 * (rows + 2)) / 64) * 64;
}

/** The values of a column's sample, of single or double precision, at the first of `sampleBytes`. */
export function sampleView(
  values: Values,
  buffer: ArrayBufferLike,
  at: number,
  rows: number,
): Float32Array | Float64Array {
  return values instanceof Float32Array
    ? new Float32Array(buffer, at, rows)
    : new Float64Array(buffer, at, rows);
}

/** Sorts the first `count` of a sample in `sampleView`. */
export function sortSample(
  sample: Float32Array | Float64Array,
  count: number,
  kernels: Kernels,
): { sorted: Float32Array | Float64Array; space: DistinctSpace } {
  const { buffer, byteOffset: at, length } = sample;
  const sorted = sample.subarray(0, count);
  const counts = at + 8 * length;
  if (sample instanceof Float32Array) kernels.sortFloats(at, at + 4 * length, count, counts);
  else sorted.sort();
  const distinct = counts + countBytes;
  const space = {
    values: new Float64Array(buffer, distinct, length + 2),
    counts: new Float64Array(buffer, distinct + 8 * (length + 2), length + 2),
  };
  return { sorted, space };
}

/** Finds the bins of every `size`-th column from the sampled rows. */
export function findColumnBins(engine: Engine, rank: number, size: number): void {
  const { params, train, sampleRows, memory, categorical } = engine.shared;
  const sampled = sampleRows?.length ?? train.length;
  const at = 65_536 + rank * sampleBytes(sampled);
  const rules = binRules(params, sampled, train.length);
  let selection: Uint32Array | null = null;
  let picked = sampleRows;
  for (let c = rank; c < train.columns.length; c += size) {
    const column = train.columns[c]!;
    if (isBinned(column)) {
      engine.mappers.write(c, column.mapper);
      continue;
    }
    const sample = sampleView(column.values, memory.buffer, at, sampled);
    // columns usually share their selection of rows
    if (column.rows !== selection) {
      selection = column.rows;
      picked =
        selection && sampleRows ? sampleRows.map((row) => selection![row]!) : (selection ?? sampleRows);
    }
    const { count, nanRows } = gather({ values: column.values, rows: null }, picked, sampled, sample);
    const { sorted, space } = sortSample(sample, count, engine.kernels);
    const find = categorical[c] ? findCategories : findBins;
    const maxBin = maxBinOf(params, c);
    engine.mappers.write(
      c,
      find(
        { sorted, nanRows, rows: sampled, space },
        { ...rules, maxBin, forced: engine.shared.forcedBins?.[c] ?? [] },
      ),
    );
  }
}

/** The most bins that a numerical column may have. */
function maxBinOf({ max_bin, max_bin_by_feature }: Params, column: number): number {
  return max_bin_by_feature[column] ?? max_bin;
}

/** The most bins that each column may have: categories are not limited by `max_bin`. */
export function mostBins({
  params,
  train,
  categorical,
}: Pick<EngineShared, 'params' | 'train' | 'categorical'>): number[] {
  const sampled = Math.min(params.bin_construct_sample_cnt, train.length);
  return train.columns.map((_, c) => (categorical[c] ? sampled + 2 : maxBinOf(params, c)));
}

/** How LightGBM finds bins from `sampled` of `rows` rows. */
export function binRules(params: Params, sampled: number, rows: number): BinRules {
  return {
    maxBin: params.max_bin,
    minDataInBin: params.min_data_in_bin,
    useMissing: params.use_missing,
    zeroAsMissing: params.zero_as_missing,
    minSplitRows: params.feature_pre_filter ? Math.trunc((params.min_data_in_leaf * sampled) / rows) : null,
  };
}

/** Values of the sampled rows that are neither NaN nor zero. */
export function gather(
  { values, rows }: FeatureColumn,
  sampleRows: Uint32Array | null,
  sampled: number,
  into: Float32Array | Float64Array,
): { count: number; nanRows: number } {
  let count = 0;
  let nanRows = 0;
  for (let i = 0; i < sampled; i++) {
    const row = sampleRows ? sampleRows[i]! : i;
    const x = values[rows ? rows[row]! : row]!;
    into[count] = x;
    count += Number(x > zeroThreshold) | Number(x < -zeroThreshold);
    nanRows += Number(Number.isNaN(x));
  }
  return { count, nanRows };
}
