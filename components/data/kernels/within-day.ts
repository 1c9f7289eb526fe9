type Column = Float32Array | Float64Array;

/** Day of a row; rows of a day stand side by side. */
type DayOf = (row: number) => number;

/** The last value of each day that is not NaN, on all of its rows (pandas' groupby.transform('last')); NaN where there is none. */
export function dayLast(x: Column, out: Column, dayOf: DayOf): void {
  for (let from = 0; from < x.length; ) {
    const to = endOfDay(from, x.length, dayOf);
    let last = to - 1;
    while (last > from && Number.isNaN(x[last]!)) last--;
    out.fill(x[last]!, from, to);
    from = to;
  }
}

/** Rows of a day that `dayCumulate` adds up, counted from 0, both included, and how many rows a day has. */
export interface DaySpan {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/**
 * The sum since row `start` of each day, 0 before it and after row `end`. A NaN adds nothing and stays NaN. Sums are rounded to the type of `out` row by
 * row, as numpy's cumsum does. Returns the first day of another length, if there is one; `out` is then of no use.
 */
export function dayCumulate(
  x: Column,
  out: Column,
  dayOf: DayOf,
  { start, end, length }: DaySpan,
): { readonly day: number; readonly rows: number } | null {
  for (let from = 0; from < x.length; ) {
    const to = endOfDay(from, x.length, dayOf);
    if (to - from !== length) return { day: dayOf(from), rows: to - from };
    const isSmall = out instanceof Float32Array;
    let sum = 0;
    out.fill(0, from, to);
    for (let i = from + start; i <= from + end; i++) {
      const value = x[i]!;
      if (Number.isNaN(value)) out[i] = Number.NaN;
      else {
        sum = isSmall ? Math.fround(sum + value) : sum + value;
        out[i] = sum;
      }
    }
    from = to;
  }
  return null;
}

/** NaN becomes the latest value before it, if there is one. */
export function forwardFill(x: Column, out: Column): void {
  let value = Number.NaN;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isNaN(x[i]!)) value = x[i]!;
    out[i] = value;
  }
}

/** NaN becomes the next value after it, if there is one. */
export function backFill(x: Column, out: Column): void {
  let value = Number.NaN;
  for (let i = x.length - 1; i >= 0; i--) {
    if (!Number.isNaN(x[i]!)) value = x[i]!;
    out[i] = value;
  }
}

function endOfDay(from: number, length: number, dayOf: DayOf): number {
  const day = dayOf(from);
  let to = from + 1;
  while (to < length && dayOf(to) === day) to++;
  return to;
}
