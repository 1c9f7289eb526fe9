import type { PanelIndex } from '../core/panel.ts';
import { PanelIndex as Index } from '../core/panel.ts';
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

/** Writes a column of one instrument into its rows; NaN where the column does not reach. */
export function scatter(
  map: RowMap,
  code: number,
  values: Float32Array | Float64Array,
  first: number,
  column: Float32Array,
): void {
  const { rows } = map;
  const end = first + values.length;
  for (let s = map.segments[code]!; s < map.segments[code + 1]!; s++) {
    const from = map.from[s]!;
    const to = map.to[s]!;
    const at = map.offset[s]! - from;
    const low = Math.min(Math.max(from, first), to);
    const high = Math.max(low, Math.min(to, end));
    for (let t = from; t < low; t++) column[rows[at + t]!] = Number.NaN;
    for (let t = low; t < high; t++) column[rows[at + t]!] = values[t - first]!;
    for (let t = high; t < to; t++) column[rows[at + t]!] = Number.NaN;
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
