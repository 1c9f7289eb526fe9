import type { BinMapper } from '../bins/bin-mapper.ts';
import { Feature, Found, Job, scratchBytes } from './job.ts';

/** Neighbouring features whose bins of one row lie together: row r has the bytes `at + r * width ..`. One thread handles a group. */
export interface Group {
  readonly at: number;
  readonly width: 16 | 32 | 64;
  /** First of its features among the used ones. */
  readonly first: number;
  readonly count: number;
  /** The thread that builds its histograms. */
  readonly owner: number;
}

export interface UsedFeature {
  readonly column: number;
  readonly mapper: BinMapper;
  readonly group: number;
  /** Address of its bin of row 0; the others follow at `stride`. */
  readonly at: number;
  readonly stride: number;
  /** First entry in a compact histogram. */
  readonly start: number;
}

/** Where everything lies in the engine's memory. */
export interface Layout {
  readonly features: readonly UsedFeature[];
  readonly groups: readonly Group[];
  readonly job: number;
  /** Two results a thread. */
  readonly results: number;
  readonly featureTable: number;
  readonly active: number;
  readonly allowedSmaller: number;
  readonly allowedLarger: number;
  /** (gradient, hessian) float32 pairs, class after class. */
  readonly pairs: number;
  readonly rows: number;
  readonly spareRows: number;
  readonly scratch: number;
  readonly scratchStride: number;
  /** Slots from here on, as many as a tree needs: a compact histogram, then one splittable byte a feature. Binning keeps its tables here. */
  readonly slots: number;
  readonly slotBytes: number;
  /** Bytes of a slot before the splittable flags. */
  readonly histogramBytes: number;
}

/** The memory before this address belongs to compiled kernels. */
const firstFree = 65_536;

/** Lays out the engine's memory; the same on every thread. */
export function makeLayout(options: {
  readonly mappers: readonly BinMapper[];
  readonly rows: number;
  readonly classes: number;
  readonly threads: number;
}): Layout {
  const { mappers, rows, classes, threads } = options;
  let at = firstFree;
  const take = (bytes: number) => {
    const start = at;
    at = Math.ceil((at + bytes) / 64) * 64;
    return start;
  };
  const used = mappers.map((mapper, column) => ({ mapper, column })).filter(({ mapper }) => !mapper.trivial);
  const job = take(Job.size * 8);
  const results = take(threads * 2 * Found.size * 8);
  const featureTable = take(used.length * Feature.size * 4);
  const [active, allowedSmaller, allowedLarger] = [take(used.length), take(used.length), take(used.length)];
  const groups = makeGroups(used.length, threads).map((group) => ({
    ...group,
    at: take(rows * group.width),
  }));
  const pairs = take(classes * rows * 8);
  const rowsAt = take(rows * 4);
  const spareRows = take(rows * 4);
  const scratchStride = 64 * scratchBytes;
  const scratch = take(threads * scratchStride);
  const features: UsedFeature[] = [];
  let start = 0;
  for (const [g, group] of groups.entries())
    for (let k = 0; k < group.count; k++) {
      const { mapper, column } = used[group.first + k]!;
      features.push({ column, mapper, group: g, at: group.at + k, stride: group.width, start });
      start += mapper.upperBounds.length;
    }
  const histogramBytes = start * 16;
  const slotBytes = Math.ceil((histogramBytes + used.length) / 64) * 64;
  return {
    features,
    groups,
    job,
    results,
    featureTable,
    active,
    allowedSmaller,
    allowedLarger,
    pairs,
    rows: rowsAt,
    spareRows,
    scratch,
    scratchStride,
    slots: at,
    slotBytes,
    histogramBytes,
  };
}

/** Deals units of 16 features evenly to the threads, and joins each thread's units to groups as wide as they fit. */
function makeGroups(features: number, threads: number): Omit<Group, 'at'>[] {
  const units = Math.ceil(features / 16);
  const groups: Omit<Group, 'at'>[] = [];
  let unit = 0;
  for (let owner = 0; owner < threads; owner++) {
    let left = Math.floor(((owner + 1) * units) / threads) - unit;
    while (left > 0) {
      const joined = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      const first = unit * 16;
      groups.push({
        width: (joined * 16) as Group['width'],
        first,
        count: Math.min(joined * 16, features - first),
        owner,
      });
      unit += joined;
      left -= joined;
    }
  }
  return groups;
}
