import { binOf } from '../bins/bin-mapper.ts';
import { zeroThreshold } from '../constants.ts';
import { valued } from '../data.ts';
import type { Engine } from '../engine/engine.ts';
import { Random } from '../random.ts';

/** A used column and flags of the sampled rows in which it is not zero (or not in its most frequent bin). */
interface Sampled {
  readonly column: number;
  readonly flags: Uint8Array;
  /** How many there are. */
  readonly size: number;
  /** How many are not zero, whatever the most frequent bin is. */
  readonly notZero: number;
}

interface Group {
  readonly columns: number[];
  /** Sampled rows that any of its columns uses. */
  used: Uint8Array;
  usedRows: number;
  totalRows: number;
}

const mostSearched = 100;
const dense = 0.4;

/**
 * The used columns in LightGBM's inner order, by which `extra_trees` seeds a generator for each: columns that are hardly ever non-zero together
 * are bundled, and bundles are shuffled. Nothing else depends on it. Source: LightGBM `FastFeatureBundling` (src/io/dataset.cpp).
 */
export function innerOrder(engine: Engine): number[] {
  const { train, params } = engine.shared;
  const columns = engine.layout.features.map(({ column }) => column).sort((a, b) => a - b);
  if (!params.enable_bundle || columns.length === 0) return columns;
  const sampled = columns.map((column) => sample(engine, column));
  const total = engine.shared.sampleRows?.length ?? train.length;
  const bySize = sampled.toSorted((a, b) => b.notZero - a.notZero);
  const inOrder = bundle(sampled, total, train.length, params.is_enable_sparse);
  const other = bundle(bySize, total, train.length, params.is_enable_sparse);
  const groups = inOrder.length > other.length ? other : inOrder;
  const random = new Random(train.length);
  for (let i = 0; i < groups.length - 1; i++) {
    const j = random.nextShort(i + 1, groups.length);
    [groups[i], groups[j]] = [groups[j]!, groups[i]!];
  }
  return groups.flat();
}

function sample({ shared, mappers }: Engine, column: number): Sampled {
  const { values, rows } = valued(shared.train.columns[column]!);
  const mapper = mappers.read(column);
  const count = shared.sampleRows?.length ?? shared.train.length;
  const notZeroFlags = new Uint8Array(count);
  let notZero = 0;
  let notFrequent = 0;
  const moved = mapper.defaultBin !== mapper.mostFrequentBin;
  const notFrequentFlags = new Uint8Array(moved ? count : 0);
  for (let i = 0; i < count; i++) {
    const row = shared.sampleRows ? shared.sampleRows[i]! : i;
    const value = values[rows ? rows[row]! : row]!;
    const isZero = Math.abs(value) <= zeroThreshold;
    if (!isZero) {
      notZeroFlags[i] = 1;
      notZero++;
    }
    if (moved && (isZero || binOf(mapper, value) !== mapper.mostFrequentBin)) {
      notFrequentFlags[i] = 1;
      notFrequent++;
    }
  }
  // LightGBM takes an empty list for one that it need not make
  return notFrequent > 0
    ? { column, flags: notFrequentFlags, size: notFrequent, notZero }
    : { column, flags: notZeroFlags, size: notZero, notZero };
}

/** Groups of columns, in the given order. LightGBM `FindGroups`. */
function bundle(columns: readonly Sampled[], total: number, rows: number, sparse: boolean): number[][] {
  const mostConflicts = Math.trunc(total / 10_000);
  const random = new Random(rows);
  const groups: Group[] = [];
  for (const own of columns) {
    const { size, flags } = own;
    const room = groups.filter((group) => group.totalRows + size <= total + mostConflicts);
    const last = room.length - 1;
    const searched =
      last < 0
        ? []
        : [
            room[last]!,
            ...Array.from(random.sample(last, Math.min(last, mostSearched - 1)), (i) => room[i]!),
          ];
    const found = searched.find((group) => {
      const rest = mostConflicts - group.totalRows + group.usedRows;
      const conflicts = conflictsOf(group, flags);
      return conflicts <= rest && conflicts <= Math.trunc(size / 2);
    });
    const group = found ?? { columns: [], used: flags, usedRows: 0, totalRows: 0 };
    if (!found) groups.push(group);
    group.usedRows += size - (found ? conflictsOf(group, flags) : 0);
    group.totalRows += size;
    group.columns.push(own.column);
    if (found) group.used = group.used.map((used, row) => used | flags[row]!);
  }
  if (!sparse) return groups.map((group) => group.columns);
  const isDense = ({ usedRows }: Group) => usedRows / total >= dense;
  const rest = groups.filter((group) => !isDense(group)).flatMap((group) => group.columns);
  const whole = groups.filter(isDense).map((group) => group.columns);
  return rest.length > 0 ? [...whole, rest] : whole;
}

function conflictsOf({ used }: Group, flags: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < flags.length; row++) count += used[row]! & flags[row]!;
  return count;
}
