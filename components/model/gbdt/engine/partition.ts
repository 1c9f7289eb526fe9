import { isBinned } from '../data.ts';
import { partitionBins } from '../tree/partition-bins.ts';
import { partitionRows } from '../tree/partition-rows.ts';
import type { Engine } from './engine.ts';
import { goesLeftInto } from './goes-left.ts';
import { part } from './part.ts';
import { threadPlaces } from './row-lists.ts';

/** Rows a thread must have at least, else the leader partitions alone. */
export const worthSharing = 8192;

/** Threads that share a partition of `count` rows. */
export function sharers(count: number, threads: number): number {
  return Math.max(1, Math.min(threads, Math.floor(count / worthSharing)));
}

/**
 * Partitions this thread's part of a leaf's rows into the left and the right spare rows, from the part's place on. args: begin and count of
 * the leaf in the row list, 1 if the list is still 0 .. n - 1, feature, threshold bin (-1: `fillGoes` has told which bins go left), 1 if missing values go
 * left.
 */
export function partitionPart(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared } = engine;
  const [begin = 0, count = 0, identity = 0, feature = 0, threshold = 0, defaultLeft = 0] = args;
  const used = sharers(count, size);
  if (rank >= used) return;
  const { from, to } = part(count, rank, used);
  const rule = { threshold, defaultLeft: defaultLeft === 1 };
  const of = layout.features[feature]!.columnAt ? partByKernel : partByColumn;
  shared.partCounts[rank] = of(engine, rank, begin + from, to - from, identity === 1, feature, rule);
}

type Part = (
  engine: Engine,
  rank: number,
  begin: number,
  count: number,
  identity: boolean,
  feature: number,
  rule: { threshold: number; defaultLeft: boolean },
) => number;

const partByKernel: Part = ({ layout, shared, kernels }, rank, begin, count, identity, feature, rule) => {
  const { mapper, columnAt } = layout.features[feature]!;
  const { goes } = threadPlaces(layout.threads, rank);
  if (rule.threshold >= 0) goesLeftInto(mapper, rule, new Uint8Array(shared.memory.buffer, goes, 256));
  const left = layout.leftRows + 4 * begin;
  const right = layout.spareRows + 4 * begin;
  return identity
    ? kernels.partitionRange(columnAt, 1, goes, begin, count, left, right)
    : kernels.partitionRows(columnAt, 1, goes, layout.rows + 4 * begin, count, left, right);
};

/** By the column itself, where its bins are not laid out. */
const partByColumn: Part = ({ layout, shared }, _, begin, count, identity, feature, rule) => {
  const { column, mapper } = layout.features[feature]!;
  const list = (at: number) => new Uint32Array(shared.memory.buffer, at, shared.train.length);
  const left = list(layout.leftRows);
  const end = begin + count;
  const own = shared.train.columns[column]!;
  const valueRule = {
    threshold: mapper.upperBounds[rule.threshold]!,
    missing: mapper.missing,
    defaultLeft: rule.defaultLeft,
  };
  const rows = identity ? null : list(layout.rows);
  const lefts = isBinned(own)
    ? partitionBins(own, valueRule, rows, begin, end, left)
    : partitionRows(own, valueRule, rows, begin, end, left);
  list(layout.spareRows).set(left.subarray(begin + lefts, end).reverse(), begin);
  return lefts;
};

/** Tells all threads which bins of a feature with a byte a bin go left in the next partition. */
export function fillGoes({ layout, shared }: Engine, bins: readonly number[]): void {
  for (let rank = 0; rank < shared.threads; rank++) {
    const { goes } = threadPlaces(layout.threads, rank);
    const flags = new Uint8Array(shared.memory.buffer, goes, 256).fill(0);
    for (const bin of bins) flags[bin] = 1;
  }
}

/** Copies this thread's parts to their places in the row list: all left rows first. args: begin and count of the leaf. */
export function copyParts(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared, kernels } = engine;
  const [begin = 0, count = 0] = args;
  const used = sharers(count, size);
  if (rank >= used) return;
  const { partCounts } = shared;
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
  kernels.moveRows(layout.rows + 4 * leftAt, layout.leftRows + 4 * (begin + from), lefts);
  kernels.moveRows(layout.rows + 4 * rightAt, layout.spareRows + 4 * (begin + from), to - from - lefts);
}
