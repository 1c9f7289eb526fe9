import { lowerBound, type Time, upperBound } from './dates.ts';

/** Storage of one column: Float32Array for features, Float64Array for money; on SharedArrayBuffer where threads share it. */
export type Values = Float32Array | Float64Array;

/**
 * The row labels of a panel: (datetime, instrument), sorted by datetime, then by instrument name, as pandas sorts
 * qlib's MultiIndex. Compressed: `offsets[t] .. offsets[t + 1]` are the rows of `times[t]`, and `codes[row]` is the
 * index of the row's instrument in `instruments`. `instruments` is sorted by code unit; some may have no row.
 */
export class PanelIndex {
  constructor(
    readonly times: Float64Array,
    readonly offsets: Int32Array,
    readonly instruments: readonly string[],
    readonly codes: Int32Array,
  ) {
    if (offsets.length !== times.length + 1 || offsets[times.length] !== codes.length)
      throw new Error(
        `panel index: ${times.length} times, ${offsets.length} offsets, ${codes.length} rows do not fit`,
      );
  }

  get length(): number {
    return this.codes.length;
  }

  /** Rows [from, to) whose time lies in [start, end], both ends included, as pandas slices labels; null is open. */
  range(start: Time | null, end: Time | null): { from: number; to: number } {
    const from = start === null ? 0 : lowerBound(this.times, start);
    const to = end === null ? this.times.length : upperBound(this.times, end);
    return from >= to ? { from: 0, to: 0 } : { from: this.offsets[from]!, to: this.offsets[to]! };
  }

  /** The index of the rows [from, to); cuts inside a day are allowed. */
  slice(from: number, to: number): PanelIndex {
    return this.#pick(this.codes.subarray(from, to), from, to, (row) => row - from);
  }

  /** The index of the given ascending rows. */
  take(rows: Uint32Array): PanelIndex {
    const codes = new Int32Array(new SharedArrayBuffer(rows.length * 4));
    for (let i = 0; i < rows.length; i++) codes[i] = this.codes[rows[i]!]!;
    return this.#pick(codes, 0, this.length, (row) => lowerBound(rows, row));
  }

  #pick(codes: Int32Array, from: number, to: number, place: (row: number) => number): PanelIndex {
    const times: number[] = [];
    const offsets: number[] = [0];
    for (let t = 0; t < this.times.length; t++) {
      const first = place(Math.min(Math.max(this.offsets[t]!, from), to));
      const end = place(Math.min(Math.max(this.offsets[t + 1]!, from), to));
      if (end <= first) continue;
      times.push(this.times[t]!);
      offsets.push(end);
    }
    return new PanelIndex(Float64Array.from(times), Int32Array.from(offsets), this.instruments, codes);
  }

  /** Index in `times` for every row: `(rows)`. */
  timeCodes(): Int32Array {
    const out = new Int32Array(this.length);
    for (let t = 0; t < this.times.length; t++) out.fill(t, this.offsets[t]!, this.offsets[t + 1]!);
    return out;
  }
}

/** A named column. Visible row `r` is `values[rows ? rows[r] : r]`: dropping rows or cutting a segment copies nothing. */
export interface PanelColumn {
  /** First level of qlib's column MultiIndex (`feature`, `label`); null where columns have one level. */
  readonly group: string | null;
  readonly name: string;
  readonly values: Values;
  readonly rows: Uint32Array | null;
}

/** Columns over one panel index: qlib's DataFrame with index (datetime, instrument). Never changed in place. */
export class Panel {
  constructor(
    readonly index: PanelIndex,
    readonly columns: readonly PanelColumn[],
  ) {}

  get length(): number {
    return this.index.length;
  }

  /** The rows [from, to), sharing storage. */
  slice(from: number, to: number): Panel {
    if (from === 0 && to === this.length) return this;
    const cut = memo((rows: Uint32Array | null) => rows?.subarray(from, to) ?? null);
    const columns = this.columns.map((c) =>
      c.rows ? { ...c, rows: cut(c.rows) } : { ...c, values: c.values.subarray(from, to) },
    );
    return new Panel(this.index.slice(from, to), columns);
  }

  /** The rows whose time lies in [start, end], sharing storage. */
  between(start: Time | null, end: Time | null): Panel {
    const { from, to } = this.index.range(start, end);
    return this.slice(from, to);
  }

  /** The given ascending rows, sharing storage. */
  take(rows: Uint32Array): Panel {
    const compose = memo((old: Uint32Array | null) => {
      if (!old) return rows;
      const out = new Uint32Array(new SharedArrayBuffer(rows.length * 4));
      for (let i = 0; i < rows.length; i++) out[i] = old[rows[i]!]!;
      return out;
    });
    return new Panel(
      this.index.take(rows),
      this.columns.map((c) => ({ ...c, rows: compose(c.rows) })),
    );
  }

  /** The columns that `keep` accepts. */
  select(keep: (column: PanelColumn) => boolean): Panel {
    return new Panel(this.index, this.columns.filter(keep));
  }

  /** The columns of one group; a null group means all columns. */
  group(group: string | null): Panel {
    return group === null ? this : this.select((c) => c.group === group);
  }

  withColumns(columns: readonly PanelColumn[]): Panel {
    return new Panel(this.index, columns);
  }
}

/** Visible values of a column, `(rows)`; a view where no row is left out, else a copy on shared memory. */
export function denseValues({ values, rows }: PanelColumn): Values {
  if (!rows) return values;
  const out = allocate(values instanceof Float32Array ? 'f32' : 'f64', rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!;
  return out;
}

/** New zeroed storage on shared memory. */
export function allocate(type: 'f32', length: number): Float32Array;
export function allocate(type: 'f64', length: number): Float64Array;
export function allocate(type: 'f32' | 'f64', length: number): Values;
export function allocate(type: 'f32' | 'f64', length: number): Values {
  return type === 'f32'
    ? new Float32Array(new SharedArrayBuffer(length * 4))
    : new Float64Array(new SharedArrayBuffer(length * 8));
}

/** A column of its own storage. */
export function denseColumn(group: string | null, name: string, values: Values): PanelColumn {
  return { group, name, values, rows: null };
}

function memo<K, V>(f: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, f(key));
    return known.get(key)!;
  };
}
