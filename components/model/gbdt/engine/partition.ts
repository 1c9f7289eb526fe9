import { isBinned } from '../data.ts';
import { partitionBins } from '../tree/partition-bins.ts';
import { partitionRows } from '../tree/partition-rows.ts';
import type { Engine } from './engine.ts';
import { part } from './part.ts';

/** Rows a thread must have at least, else the leader partitions alone. */
const worthSharing = 16_384;

/** Threads that share a partition of `count` rows. */
export function sharers(count: number, threads: number): number {
  return Math.max(1, Math.min(threads, Math.floor(count / worthSharing)));
}

/**
 * Partitions this thread's part of a leaf's rows into the spare rows: left ones ascending from the part's start, right ones descending from
 * its end. Decides by the feature's values, of which more rows share a cache line than of bins. args: begin and count of the leaf in the
 * row list, 1 if the list is still 0 .. n - 1, feature, threshold bin, 1 if missing values go left.
 */
export function partitionPart(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared } = engine;
  const [begin = 0, count = 0, identity = 0, feature = 0, bin = 0, defaultLeft = 0] = args;
  const used = sharers(count, size);
  if (rank >= used) return;
  const { from, to } = part(count, rank, used);
  const { column, mapper } = layout.features[feature]!;
  const rule = {
    threshold: mapper.upperBounds[bin]!,
    missing: mapper.missing,
    defaultLeft: defaultLeft === 1,
  };
  const { buffer } = shared.memory;
  const rows = identity ? null : new Uint32Array(buffer, layout.rows, shared.train.length);
  const spare = new Uint32Array(buffer, layout.spareRows, shared.train.length);
  const own = shared.train.columns[column]!;
  shared.partCounts[rank] = isBinned(own)
    ? partitionBins(own, rule, rows, begin + from, begin + to, spare)
    : partitionRows(own, rule, rows, begin + from, begin + to, spare);
}

/** Copies this thread's parts to their places in the row list: all left rows first. args: begin and count of the leaf. */
export function copyParts(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared } = engine;
  const [begin = 0, count = 0] = args;
  const used = sharers(count, size);
  if (rank >= used) return;
  const { partCounts, train, memory } = shared;
  const rows = new Uint32Array(memory.buffer, layout.rows, train.length);
  const spare = new Uint32Array(memory.buffer, layout.spareRows, train.length);
  let leftAt = begin;
  let rightAt = begin;
  for (let k = 0; k < used; k++) {
    const { from, to } = part(count, k, used);
    if (k < rank) {
      leftAt += partCounts[k]!;
      rightAt += to - from - partCounts[k]!;
    }
    rightAt += partCounts[k]!;
  }
  const { from, to } = part(count, rank, used);
  const lefts = partCounts[rank]!;
  rows.set(spare.subarray(begin + from, begin + from + lefts), leftAt);
  for (let i = begin + to - 1; i >= begin + from + lefts; i--) rows[rightAt++] = spare[i]!;
}
