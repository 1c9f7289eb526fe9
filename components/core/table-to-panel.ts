import { UserError } from './errors.ts';
import { factorize } from './factorize.ts';
import { allocate, Panel, type PanelColumn, PanelIndex, type Values } from './panel.ts';
import type { Cells, DType, IndexLevel, SeriesTable, Table, TableColumn } from './table.ts';

/**
 * The panel that a table with index (datetime, instrument) stands for, in either order of the levels and of the rows; a series
 * is one column. Float columns share storage where the rows are sorted already; int and bool columns become float64.
 * @throws UserError for another index, labels that are missing or given twice, or columns that hold no numbers.
 */
export function tableToPanel(table: Table | SeriesTable): Panel {
  const { times, instruments } = levelsOf(table.index);
  const timeOrder = sortedPlaces(times.values as Float64Array, (a, b) => a - b);
  const names = Array.from(instruments.values as readonly unknown[], String);
  const nameOrder = sortedPlaces(names, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const { index, order } = indexOf(
    times.codes,
    instruments.codes,
    timeOrder,
    nameOrder,
    times.values as Float64Array,
    names,
  );
  const columns: readonly TableColumn[] =
    table.kind === 'frame'
      ? table.columns
      : [{ label: table.name ?? '0', dtype: table.dtype, values: table.values }];
  return new Panel(
    index,
    columns.map((c) => panelColumn(c, order)),
  );
}

function levelsOf(levels: readonly IndexLevel[]) {
  const [a, b] = levels;
  if (levels.length === 2 && a && b) {
    const [times, instruments] = a.dtype === 'datetime64[ns]' ? [a, b] : [b, a];
    if (times.dtype === 'datetime64[ns]' && instruments.dtype === 'object')
      return { times: factorize(times), instruments: factorize(instruments) };
  }
  const given = levels.map((l) => `${l.name ?? 'unnamed'} (${l.dtype})`).join(', ');
  throw new UserError(`a table with index ${given || 'of no level'} is no panel`, {
    hint: 'a panel has the index levels datetime and instrument',
  });
}

interface Places {
  /** Places of the distinct values in ascending order. */
  readonly sorted: Int32Array;
  /** For each place, its rank. */
  readonly rank: Int32Array;
}

function sortedPlaces<T>(values: ArrayLike<T>, compare: (a: T, b: T) => number): Places {
  const sorted = Int32Array.from({ length: values.length }, (_, i) => i).sort((i, j) =>
    compare(values[i]!, values[j]!),
  );
  const rank = new Int32Array(values.length);
  // equal values in a level share a rank
  for (let k = 1; k < sorted.length; k++)
    rank[sorted[k]!] =
      rank[sorted[k - 1]!]! + (compare(values[sorted[k]!]!, values[sorted[k - 1]!]!) === 0 ? 0 : 1);
  return { sorted, rank };
}

/** The index and, unless the rows are sorted already, the row of the table for each row of the panel. */
function indexOf(
  timeCodes: Int32Array,
  nameCodes: Int32Array,
  timeOrder: Places,
  nameOrder: Places,
  times: ArrayLike<number>,
  names: readonly string[],
): { index: PanelIndex; order: Uint32Array | null } {
  const rows = timeCodes.length;
  const counts = new Int32Array(times.length + 1);
  let sorted = true;
  let lastTime = -1;
  let lastName = -1;
  for (let r = 0; r < rows; r++) {
    if (timeCodes[r]! < 0 || nameCodes[r]! < 0)
      throw new UserError(`row ${r} of the table has no datetime or no instrument`);
    const time = timeOrder.rank[timeCodes[r]!]!;
    const name = nameOrder.rank[nameCodes[r]!]!;
    counts[time + 1]!++;
    if (time < lastTime || (time === lastTime && name <= lastName)) sorted = false;
    lastTime = time;
    lastName = name;
  }
  const order = sorted ? null : sortRows(timeCodes, nameCodes, timeOrder, nameOrder, counts);
  const codes = new Int32Array(new SharedArrayBuffer(rows * 4));
  for (let i = 0; i < rows; i++) codes[i] = nameOrder.rank[nameCodes[order ? order[i]! : i]!]!;
  const used: number[] = [];
  const offsets = [0];
  let total = 0;
  const distinct = distinctTimes(times, timeOrder);
  for (let t = 0; t < distinct.length; t++) {
    if (counts[t + 1]! === 0) continue;
    total += counts[t + 1]!;
    used.push(distinct[t]!);
    offsets.push(total);
  }
  const index = new PanelIndex(
    Float64Array.from(used),
    Int32Array.from(offsets),
    distinctNames(names, nameOrder),
    codes,
  );
  if (order) checkUnique(index);
  return { index, order };
}

function distinctTimes(times: ArrayLike<number>, { sorted, rank }: Places): number[] {
  const out: number[] = [];
  for (const place of sorted) out[rank[place]!] = times[place]!;
  return out;
}

function distinctNames(names: readonly string[], { sorted, rank }: Places): string[] {
  const out: string[] = [];
  for (const place of sorted) out[rank[place]!] = names[place]!;
  return out;
}

/** Two passes of counting sort: by instrument, then by time. */
function sortRows(
  timeCodes: Int32Array,
  nameCodes: Int32Array,
  timeOrder: Places,
  nameOrder: Places,
  timeCounts: Int32Array,
): Uint32Array {
  const rows = timeCodes.length;
  const pass = (source: Uint32Array | null, codes: Int32Array, rank: Int32Array, counts: Int32Array) => {
    const next = counts.slice();
    for (let k = 1; k < next.length; k++) next[k]! += next[k - 1]!;
    const out = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = source ? source[i]! : i;
      out[next[rank[codes[row]!]!]!++] = row;
    }
    return out;
  };
  const nameCounts = new Int32Array(nameOrder.rank.length + 1);
  for (let r = 0; r < rows; r++) nameCounts[nameOrder.rank[nameCodes[r]!]! + 1]!++;
  return pass(pass(null, nameCodes, nameOrder.rank, nameCounts), timeCodes, timeOrder.rank, timeCounts);
}

function checkUnique({ times, offsets, codes, instruments }: PanelIndex): void {
  for (let t = 0; t < times.length; t++)
    for (let r = offsets[t]! + 1; r < offsets[t + 1]!; r++)
      if (codes[r] === codes[r - 1])
        throw new UserError(
          `the table has two rows for ${instruments[codes[r]!]} on ${new Date(times[t]!).toISOString().slice(0, 10)}`,
        );
}

function panelColumn({ label, dtype, values }: TableColumn, order: Uint32Array | null): PanelColumn {
  const [group, name] = Array.isArray(label)
    ? [String(label[0]), label.slice(1).join('_')]
    : [null, String(label ?? '')];
  const numbers = numbersOf(dtype, values, name);
  if (!order) return { group, name, values: numbers, rows: null };
  const out = allocate(numbers instanceof Float32Array ? 'f32' : 'f64', order.length);
  for (let i = 0; i < order.length; i++) out[i] = numbers[order[i]!]!;
  return { group, name, values: out, rows: null };
}

function numbersOf(dtype: DType, values: Cells, name: string): Values {
  if (values instanceof Float32Array || (values instanceof Float64Array && dtype !== 'datetime64[ns]'))
    return values;
  const out = allocate('f64', values.length);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    const number =
      value === null || value === undefined ? Number.NaN : typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || dtype === 'datetime64[ns]')
      throw new UserError(`column "${name}" holds no numbers (${dtype})`);
    out[i] = number;
  }
  return out;
}
