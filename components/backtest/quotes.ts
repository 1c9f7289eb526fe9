import { dayMs, lowerBound, type Time, upperBound } from '../core/dates.ts';
import type { Freq } from '../core/freq.ts';
import { denseValues, type Panel, type Values } from '../core/panel.ts';

/** A step's time looked up in the quotes: rows [from, to) of `times`. */
export interface Bar {
  readonly start: Time;
  readonly end: Time;
  readonly from: number;
  readonly to: number;
  /** The step is shorter than one bar of the quotes: then one row is read as it is, and nothing is gathered. */
  readonly single: boolean;
}

/**
 * Last minutes of a session: qlib reads them as single bars whatever their length and that of the quotes' bars (`is_single_value`, always
 * with region cn).
 */
const lastMinutes: ReadonlySet<number> = new Set([(11 * 60 + 29) * 60_000, (14 * 60 + 59) * 60_000]);

/**
 * Quotes of the instruments in a panel, read by (instrument, step): qlib's NumpyQuote, which gathers
 * differently by the length of a step. Missing rows and missing values are both NaN here. A step shorter than a
 * bar reads one row; a longer one (Friday's, which ends on Sunday, is one) gathers what is there.
 */
export class Quotes {
  readonly times: Float64Array;
  readonly #codes = new Map<string, number>();
  /** Row of (instrument, time) plus 1; 0 where there is none. */
  readonly #rows: Int32Array;
  readonly #barMs: number;
  #last: Bar | undefined;

  constructor(
    readonly panel: Panel,
    freq: Freq,
  ) {
    const { times, offsets, instruments, codes } = panel.index;
    this.times = times;
    for (const [code, name] of instruments.entries()) this.#codes.set(name, code);
    this.#rows = new Int32Array(instruments.length * times.length);
    for (let t = 0; t < times.length; t++)
      for (let row = offsets[t]!; row < offsets[t + 1]!; row++)
        this.#rows[codes[row]! * times.length + t] = row + 1;
    this.#barMs = freq.unit === 'min' ? 60_000 : dayMs;
  }

  /** Values of a column by its name, for the look-ups below. */
  field(name: string): Values {
    const column = this.panel.columns.find((c) => c.name === name);
    if (!column) throw new Error(`the quotes hold no field ${name}`);
    return denseValues(column);
  }

  bar(start: Time, end: Time): Bar {
    const last = this.#last;
    if (last && last.start === start && last.end === end) return last;
    const from = lowerBound(this.times, start);
    const single = end - start < this.#barMs || lastMinutes.has(start % dayMs);
    const to = single
      ? this.times[from] === start
        ? from + 1
        : from
      : Math.max(from, upperBound(this.times, end));
    return (this.#last = { start, end, from, to, single });
  }

  /** The last value that is not NaN (qlib's `ts_data_last`). */
  last(values: Values, instrument: string, bar: Bar): number {
    const base = this.#base(instrument);
    if (base < 0) return Number.NaN;
    for (let t = bar.to - 1; t >= bar.from; t--) {
      const row = this.#rows[base + t]!;
      if (row > 0 && !Number.isNaN(values[row - 1]!)) return values[row - 1]!;
    }
    return Number.NaN;
  }

  /**
   * The sum of what is there: 0 where rows hold only NaN and the step is longer than a bar, NaN where there is
   * no row.
   */
  sum(values: Values, instrument: string, bar: Bar): number {
    const base = this.#base(instrument);
    if (base < 0) return Number.NaN;
    let sum = 0;
    let count = 0;
    for (let t = bar.from; t < bar.to; t++) {
      const row = this.#rows[base + t]!;
      if (row === 0) continue;
      const value = values[row - 1]!;
      if (bar.single) return value;
      if (!Number.isNaN(value)) sum += value;
      count++;
    }
    return count > 0 ? sum : Number.NaN;
  }

  /** True where there are rows and all are flagged. */
  every(flags: Uint8Array, instrument: string, bar: Bar): boolean {
    const base = this.#base(instrument);
    if (base < 0) return false;
    let count = 0;
    for (let t = bar.from; t < bar.to; t++) {
      const row = this.#rows[base + t]!;
      if (row === 0) continue;
      if (flags[row - 1] === 0) return false;
      count++;
    }
    return count > 0;
  }

  /** Row numbers in the panel that a step covers. */
  rows(instrument: string, bar: Bar): number[] {
    const base = this.#base(instrument);
    const out: number[] = [];
    if (base >= 0)
      for (let t = bar.from; t < bar.to; t++)
        if (this.#rows[base + t]! > 0) out.push(this.#rows[base + t]! - 1);
    return out;
  }

  #base(instrument: string): number {
    const code = this.#codes.get(instrument);
    return code === undefined ? -1 : code * this.times.length;
  }
}
