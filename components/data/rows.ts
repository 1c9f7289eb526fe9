import type { PanelIndex } from '../core/panel.ts';
import { PanelIndex as Index } from '../core/panel.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { Column } from './plan/evaluate.ts';
import type { Range } from './plan/step.ts';

/**
 * Which panel row each day of each instrument has. Instrument `i` has the segments `segments[i] .. segments[i + 1]`; segment `s` covers the
 * calendar days `from[s] .. to[s]`, whose rows are `rows[offset[s] ...]`.
 */
export interface RowMap {
  readonly segments: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly offset: Int32Array;
  readonly rows: Int32Array;
}

/** Builds the panel index of instruments, sorted by name, that have rows on the given calendar days, and the map from days to rows. */
export function buildRows(
  times: Float64Array,
  range: Range,
  instruments: readonly string[],
  days: readonly (readonly Range[])[],
): { index: PanelIndex; map: RowMap } {
  const span = range.to - range.from;
  const counts = new Int32Array(span + 1);
  let segmentCount = 0;
  let rowCount = 0;
  for (const ranges of days)
    for (const { from, to } of ranges) {
      counts[from - range.from]!++;
      counts[to - range.from]!--;
      segmentCount++;
      rowCount += to - from;
    }
  // per day: its first row; days without a row get no place in the index
  const place = new Int32Array(span);
  const indexTimes: number[] = [];
  const offsets: number[] = [0];
  let open = 0;
  let next = 0;
  for (let t = 0; t < span; t++) {
    open += counts[t]!;
    place[t] = next;
    if (open === 0) continue;
    next += open;
    indexTimes.push(times[range.from + t]!);
    offsets.push(next);
  }
  const shared = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
  const map: RowMap = {
    segments: shared(instruments.length + 1),
    from: shared(segmentCount),
    to: shared(segmentCount),
    offset: shared(segmentCount),
    rows: shared(rowCount),
  };
  const codes = shared(rowCount);
  let segment = 0;
  let filled = 0;
  days.forEach((ranges, code) => {
    map.segments[code] = segment;
    for (const { from, to } of ranges) {
      map.from[segment] = from;
      map.to[segment] = to;
      map.offset[segment] = filled;
      segment++;
      for (let t = from - range.from; t < to - range.from; t++) {
        const row = place[t]!++;
        map.rows[filled++] = row;
        codes[row] = code;
      }
    }
  });
  map.segments[instruments.length] = segment;
  return {
    index: new Index(Float64Array.from(indexTimes), Int32Array.from(offsets), instruments, codes),
    map,
  };
}

/**
 * Columns of a few instruments, gathered before they are written: rows of a day stand side by side, so that one instrument after the other
 * would touch a cache line for each value.
 */
export class Stage {
  /** `(fields, instruments, days)` */
  readonly #values: Float32Array;
  readonly #days: number;
  /** Panel row of the first instrument of the block on each day. */
  readonly #rows: Int32Array;

  readonly #pointer: number;

  /** Lives at `pointer` in the memory of the kernels, which has room for `bytes` of it. */
  constructor(
    readonly kernels: Kernels,
    pointer: number,
    readonly range: Range,
    fields: number,
    readonly instruments: number,
  ) {
    this.#days = range.to - range.from;
    this.#pointer = pointer;
    this.#values = new Float32Array(kernels.buffer, pointer, fields * instruments * this.#days);
    this.#rows = new Int32Array(this.#days);
  }

  static bytes(range: Range, fields: number, instruments: number): number {
    return 4 * fields * instruments * (range.to - range.from);
  }

  /** Instruments that fit into a stage of at most `bytes`. */
  static instrumentsWithin(bytes: number, fields: number, range: Range): number {
    return Math.min(16, Math.max(1, Math.floor(bytes / (4 * fields * (range.to - range.from)))));
  }

  /** Takes the column of the `k`th instrument of the block, which begins on calendar day `first`; NaN where it does not reach. */
  put(field: number, k: number, { dtype, pointer, length }: Column, first: number): void {
    const values = this.#values;
    const start = (field * this.instruments + k) * this.#days;
    const end = start + this.#days;
    const from = length === 0 ? end : start + first - this.range.from;
    values.fill(Number.NaN, start, from);
    const target = this.#pointer + 4 * from;
    if (dtype !== 'f32') this.kernels.narrow(pointer, target, length);
    else new Uint8Array(this.kernels.buffer).copyWithin(target, pointer, pointer + 4 * length);
    values.fill(Number.NaN, from + length, end);
  }

  /** Writes the instruments with the codes `code`, ... into the panel's columns. */
  write(map: RowMap, code: number, count: number, columns: readonly Float32Array[]): void {
    const runs = this.#runs(map, code, count);
    const size = this.instruments * this.#days;
    for (let field = 0; field < columns.length; field++) {
      const values = this.#values.subarray(field * size, (field + 1) * size);
      for (const run of runs) writeRun(values, run, this.#rows, columns[field]!);
    }
  }

  /**
   * Runs of days (counted from the first of the stage) on which the same instruments of the block have rows. On such a day these stand
   * side by side.
   */
  #runs(map: RowMap, code: number, count: number): Run[] {
    const runs: Run[] = [];
    const segments = Array.from({ length: count }, (_, k) => map.segments[code + k]!);
    let t = this.range.from;
    while (t < this.range.to) {
      const starts: number[] = [];
      const found: number[] = [];
      let until = this.range.to;
      for (let k = 0; k < count; k++) {
        const last = map.segments[code + k + 1]!;
        let s = segments[k]!;
        while (s < last && map.to[s]! <= t) s++;
        segments[k] = s;
        if (s === last) continue;
        if (map.from[s]! > t) {
          until = Math.min(until, map.from[s]!);
          continue;
        }
        until = Math.min(until, map.to[s]!);
        starts.push(k * this.#days);
        found.push(s);
      }
      const from = t - this.range.from;
      const [first] = found;
      if (first !== undefined) {
        const at = map.offset[first]! + t - map.from[first]!;
        this.#rows.set(map.rows.subarray(at, at + until - t), from);
        const last = starts.length - 1;
        runs.push({
          from,
          to: until - this.range.from,
          starts: Int32Array.from(sixteen, (k) => starts[Math.min(k, last)]!),
          places: Int32Array.from(sixteen, (k) => Math.min(k, last)),
        });
      }
      t = until;
    }
    return runs;
  }
}

/** Days [from, to), counted from the first of the stage, on which the same at most sixteen instruments have rows. */
interface Run {
  readonly from: number;
  readonly to: number;
  /** Where the column of each begins. Where there are fewer than sixteen the last one stands there again and again. */
  readonly starts: Int32Array;
  /** The row of each after the first of its day. */
  readonly places: Int32Array;
}

const sixteen = Array.from({ length: 16 }, (_, k) => k);

/** All instruments of a run in one go, so that a cache line of the column is touched once; repeated ones are written again and again, to their own place. */
function writeRun(v: Float32Array, run: Run, rows: Int32Array, column: Float32Array): void {
  const { from, to, starts, places } = run;
  if (places[15] === 15) {
    writeSixteen(v, run, rows, column);
    return;
  }
  const a0 = starts[0]!;
  const a1 = starts[1]!;
  const a2 = starts[2]!;
  const a3 = starts[3]!;
  const a4 = starts[4]!;
  const a5 = starts[5]!;
  const a6 = starts[6]!;
  const a7 = starts[7]!;
  const a8 = starts[8]!;
  const a9 = starts[9]!;
  const a10 = starts[10]!;
  const a11 = starts[11]!;
  const a12 = starts[12]!;
  const a13 = starts[13]!;
  const a14 = starts[14]!;
  const a15 = starts[15]!;
  const b1 = places[1]!;
  const b2 = places[2]!;
  const b3 = places[3]!;
  const b4 = places[4]!;
  const b5 = places[5]!;
  const b6 = places[6]!;
  const b7 = places[7]!;
  const b8 = places[8]!;
  const b9 = places[9]!;
  const b10 = places[10]!;
  const b11 = places[11]!;
  const b12 = places[12]!;
  const b13 = places[13]!;
  const b14 = places[14]!;
  const b15 = places[15]!;
  for (let t = from; t < to; t++) {
    const r = rows[t]!;
    column[r] = v[a0 + t]!;
    column[r + b1] = v[a1 + t]!;
    column[r + b2] = v[a2 + t]!;
    column[r + b3] = v[a3 + t]!;
    column[r + b4] = v[a4 + t]!;
    column[r + b5] = v[a5 + t]!;
    column[r + b6] = v[a6 + t]!;
    column[r + b7] = v[a7 + t]!;
    column[r + b8] = v[a8 + t]!;
    column[r + b9] = v[a9 + t]!;
    column[r + b10] = v[a10 + t]!;
    column[r + b11] = v[a11 + t]!;
    column[r + b12] = v[a12 + t]!;
    column[r + b13] = v[a13 + t]!;
    column[r + b14] = v[a14 + t]!;
    column[r + b15] = v[a15 + t]!;
  }
}

/** The usual case, whose places are known. */
function writeSixteen(
  v: Float32Array,
  { from, to, starts }: Run,
  rows: Int32Array,
  column: Float32Array,
): void {
  const a0 = starts[0]!;
  const a1 = starts[1]!;
  const a2 = starts[2]!;
  const a3 = starts[3]!;
  const a4 = starts[4]!;
  const a5 = starts[5]!;
  const a6 = starts[6]!;
  const a7 = starts[7]!;
  const a8 = starts[8]!;
  const a9 = starts[9]!;
  const a10 = starts[10]!;
  const a11 = starts[11]!;
  const a12 = starts[12]!;
  const a13 = starts[13]!;
  const a14 = starts[14]!;
  const a15 = starts[15]!;
  for (let t = from; t < to; t++) {
    const r = rows[t]!;
    column[r] = v[a0 + t]!;
    column[r + 1] = v[a1 + t]!;
    column[r + 2] = v[a2 + t]!;
    column[r + 3] = v[a3 + t]!;
    column[r + 4] = v[a4 + t]!;
    column[r + 5] = v[a5 + t]!;
    column[r + 6] = v[a6 + t]!;
    column[r + 7] = v[a7 + t]!;
    column[r + 8] = v[a8 + t]!;
    column[r + 9] = v[a9 + t]!;
    column[r + 10] = v[a10 + t]!;
    column[r + 11] = v[a11 + t]!;
    column[r + 12] = v[a12 + t]!;
    column[r + 13] = v[a13 + t]!;
    column[r + 14] = v[a14 + t]!;
    column[r + 15] = v[a15 + t]!;
  }
}

/** Sorts ranges and joins those that touch or overlap. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    if (range.from >= range.to) continue;
    const last = joined.at(-1);
    if (last && range.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else joined.push(range);
  }
  return joined;
}

/** The days that lie in a range of both lists; both sorted and without overlap. */
export function intersectRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  const found: Range[] = [];
  for (const x of a)
    for (const y of b) {
      const from = Math.max(x.from, y.from);
      const to = Math.min(x.to, y.to);
      if (from < to) found.push({ from, to });
    }
  return found;
}
