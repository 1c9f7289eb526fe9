import { lowerBound, type Time, upperBound } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { allocate, denseValues, type Panel, type Values } from '../core/panel.ts';
import { endOfDay } from './time-option.ts';
import type { Segment } from './types.ts';

/** What stands in a window on days without a row: nothing (NaN), the row before, or the row before and else the one after. */
export type FillType = 'none' | 'ffill' | 'ffill+bfill';

export interface SamplerOptions {
  /** Rows in a window, the last one being the sample's own. */
  readonly stepLen: number;
  readonly fillType?: FillType;
  /** float64 where a column is, as numpy makes one array of a frame; set it to keep float32. */
  readonly dtype?: 'float32' | 'float64';
  /** Samples only where this column (over the rows of the panel) is neither 0 nor missing. */
  readonly filter?: Values | undefined;
}

/**
 * Windows of the last `stepLen` days of an instrument, one for each row of a segment. The rows are kept once, sorted by instrument and
 * day, followed by one row of NaN for what is missing. Source: qlib `TSDataSampler` (data/dataset/__init__.py).
 */
export class TSDataSampler {
  /** Row-major values, `(rows + 1, width)`; the last row is NaN. */
  readonly values: Values;
  readonly width: number;
  readonly stepLen: number;
  fillType: FillType;
  /** Days and instruments of the grid. */
  readonly times: Float64Array;
  readonly instruments: readonly string[];
  /** Place of each sample in the grid. */
  readonly timeOf: Int32Array;
  readonly instrumentOf: Int32Array;
  /** `grid[instrument · times + time]`: row of `values`, -1 where there is none. */
  readonly #grid: Int32Array;
  readonly #window: Int32Array;

  constructor(panel: Panel, segment: Segment, { stepLen, fillType = 'none', dtype, filter }: SamplerOptions) {
    const { index, columns } = panel;
    this.stepLen = stepLen;
    this.fillType = fillType;
    this.width = columns.length;
    this.times = index.times;
    const present = new Set(index.codes);
    const codes = [...present].sort((a, b) => a - b);
    this.instruments = codes.map((code) => index.instruments[code]!);
    const columnOf = new Map(codes.map((code, column) => [code, column]));
    const days = this.times.length;
    const grid = new Int32Array(codes.length * days).fill(-1);
    const timeCodes = index.timeCodes();
    for (let row = 0; row < index.length; row++)
      grid[columnOf.get(index.codes[row]!)! * days + timeCodes[row]!] = row;
    const from = segment.start === null ? 0 : lowerBound(this.times, segment.start);
    const end = endOfDay(segment.end);
    const to = end === null ? days : upperBound(this.times, end);
    const places: number[] = [];
    const order = new Uint32Array(index.length);
    for (let place = 0, next = 0; place < grid.length; place++) {
      const row = grid[place]!;
      if (row < 0) continue;
      const day = place % days;
      const keep = !filter || (filter[row] !== 0 && !Number.isNaN(filter[row]!));
      if (keep && day >= from && day < to) places.push(place);
      order[next] = row;
      grid[place] = next++;
    }
    this.#grid = grid;
    this.timeOf = Int32Array.from(places, (place) => place % days);
    this.instrumentOf = Int32Array.from(places, (place) => Math.floor(place / days));
    this.values = rowMajor(panel, order, dtype);
    this.#window = new Int32Array(stepLen);
  }

  /** Number of samples. */
  get length(): number {
    return this.timeOf.length;
  }

  /** Day and instrument of a sample. */
  key(sample: number): { time: Time; instrument: string } {
    this.#check(sample);
    return {
      time: this.times[this.timeOf[sample]!]!,
      instrument: this.instruments[this.instrumentOf[sample]!]!,
    };
  }

  /** The window of a sample, `(stepLen, width)`. @throws RangeError for a sample that is not there. */
  sample(sample: number): Values {
    return this.batch([sample]);
  }

  /** Windows of several samples, `(samples, stepLen, width)`, written to `out` where given. */
  batch(samples: ArrayLike<number>, out?: Values): Values {
    const size = this.stepLen * this.width;
    const target = out ?? this.#empty(samples.length * size);
    for (let k = 0; k < samples.length; k++) {
      const sample = samples[k]!;
      this.#check(sample);
      this.#copy(this.timeOf[sample]!, this.instrumentOf[sample]!, target, k * size);
    }
    return target;
  }

  /** The window that ends on a day, or on the last day before it, whether it is a sample or not; NaN before the data. @throws UserError for an unknown instrument. */
  at(time: Time, instrument: string): Values {
    const column = this.instruments.indexOf(instrument);
    if (column < 0) throw new UserError(`no data of the instrument "${instrument}" in this segment`);
    const out = this.#empty(this.stepLen * this.width);
    this.#copy(upperBound(this.times, time) - 1, column, out, 0);
    return out;
  }

  /** Rows of `values` that make up the window which ends at a place of the grid; the NaN row where there is none. */
  rowsAt(time: number, instrument: number): Int32Array {
    const rows = this.#window;
    const base = instrument * this.times.length;
    for (let k = 0; k < this.stepLen; k++) {
      const day = time - this.stepLen + 1 + k;
      rows[k] = day < 0 ? -1 : this.#grid[base + day]!;
    }
    if (this.fillType !== 'none')
      for (let k = 1; k < rows.length; k++) if (rows[k]! < 0) rows[k] = rows[k - 1]!;
    if (this.fillType === 'ffill+bfill')
      for (let k = rows.length - 2; k >= 0; k--) if (rows[k]! < 0) rows[k] = rows[k + 1]!;
    const missing = this.values.length / this.width - 1;
    for (let k = 0; k < rows.length; k++) if (rows[k]! < 0) rows[k] = missing;
    return rows;
  }

  #copy(time: number, instrument: number, out: Values, at: number): void {
    const { width } = this;
    const rows = this.rowsAt(time, instrument);
    for (let k = 0; k < rows.length; k++)
      out.set(this.values.subarray(rows[k]! * width, (rows[k]! + 1) * width), at + k * width);
  }

  #empty(length: number): Values {
    return this.values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  }

  #check(sample: number): void {
    if (!Number.isInteger(sample) || sample < 0 || sample >= this.length)
      throw new RangeError(`sample ${sample} is outside [0, ${this.length})`);
  }
}

function rowMajor({ columns }: Panel, order: Uint32Array, dtype: 'float32' | 'float64' | undefined): Values {
  const double = dtype ? dtype === 'float64' : columns.some((c) => c.values instanceof Float64Array);
  const width = columns.length;
  const out = allocate(double ? 'f64' : 'f32', (order.length + 1) * width);
  columns.forEach((column, c) => {
    const values = denseValues(column);
    for (let i = 0; i < order.length; i++) out[i * width + c] = values[order[i]!]!;
  });
  out.fill(Number.NaN, order.length * width);
  return out;
}
