import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { layOut } from '../plan/arena.ts';
import { Evaluator } from '../plan/evaluate.ts';
import type { InstrumentData } from '../plan/ranges.ts';
import type { Range, Source } from '../plan/step.ts';
import { type PitField, type PitFiles, readPitField, valueKnownAt } from './pit-field.ts';
import { makePitPlan, type PitPlan, periodAt, periodPlaces, placeOf } from './pit-plan.ts';

/** A field as it was known at the end of a day. */
interface Known {
  readonly field: PitField;
  /** Places of the periods that count; empty where nothing was known. */
  readonly places: Range;
}

/**
 * Computes P and PRef for one instrument after the other. On each day the inside is computed over periods, with what was published by then: of each
 * field the last `periods` ones up to its latest, a period without a record NaN; the day's value is that of the last period. PRef asks each field for
 * one period alone, which has a value from its first day within the known periods on.
 * Source: qlib's `P`, `PRef` (qlib/data/pit.py) and `LocalPITProvider`.
 */
export class PitColumns {
  readonly #plan: PitPlan;
  readonly #evaluator: Evaluator;
  readonly #kernels: Kernels;
  readonly #name: string;

  constructor(
    readonly source: Source,
    readonly times: Float64Array,
    makeKernels: (bytes: number) => Kernels,
  ) {
    if (!source.pit) throw new Error('a source of bins has no periods');
    this.#plan = makePitPlan(source.pit.tree);
    this.#kernels = makeKernels(layOut(this.#plan.plan).bytes);
    this.#evaluator = new Evaluator(this.#plan.plan, this.#kernels, new Float64Array(periodPlaces));
    this.#name = source.field;
  }

  /** Fills `out` with the values of the calendar days from `from` on. `files`: of the fields of `pitFieldsOf`, in their order. */
  read(instrument: string, files: readonly PitFiles[], from: number, out: Float32Array): void {
    const { sources } = this.#plan.plan;
    const fields = files.map((own, i) => {
      const { field, instrument: other } = sources[i]!;
      return readPitField(
        own,
        `${other ?? this.source.instrument ?? instrument} $$${field}`,
        field.endsWith('_q'),
      );
    });
    const dates = [...new Set(fields.flatMap((field) => [...field.dates]))].sort((a, b) => a - b);
    const days = dates.map((date) => firstDayFrom(this.times, date));
    out.fill(Number.NaN);
    dates.forEach((date, i) => {
      const begin = Math.max(days[i]! - from, 0);
      const end = Math.min((days[i + 1] ?? this.times.length) - from, out.length);
      if (begin < end) out.fill(this.#valueOn(date, fields, instrument), begin, end);
    });
  }

  #valueOn(date: number, fields: readonly PitField[], instrument: string): number {
    const known = fields.map((field): Known => ({ field, places: this.#placesKnown(field, date) }));
    const shift = periodPlaces - Math.max(...known.map(({ places }) => places.to));
    const data: InstrumentData = {
      instrument,
      days: (source) => {
        const { from, to } = known[source]!.places;
        return from < to ? { from: from + shift, to: to + shift } : { from: 0, to: 0 };
      },
      read: (source, from, out) => {
        const { field } = known[source]!;
        for (let i = 0; i < out.length; i++) out[i] = valueKnownAt(field, periodAt(from - shift + i), date);
      },
    };
    let value = Number.NaN;
    try {
      this.#evaluator.run(data, (_, { dtype, pointer, length }) => {
        if (length === 0) return;
        const Cells = dtype === 'f32' ? Float32Array : Float64Array;
        value = new Cells(this.#kernels.buffer, pointer, length)[length - 1]!;
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        `${instrument}, ${this.#name} on ${date}: the two sides of a comparison cover different periods`,
        { hint: 'comparisons, And, Or and If need fields of the same periods, in qlib as well' },
      );
    }
    return value;
  }

  #placesKnown({ dates, periods, isQuarterly }: PitField, date: number): Range {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let r = 0; r < dates.length && dates[r]! <= date; r++) {
      least = Math.min(least, periods[r]!);
      most = Math.max(most, periods[r]!);
    }
    if (most === 0) return { from: 0, to: 0 };
    const first = placeOf(least, isQuarterly);
    const last = placeOf(most, isQuarterly);
    const period = this.source.pit!.period;
    if (period === null) return { from: Math.max(first, last + 1 - this.#plan.periods), to: last + 1 };
    const place = this.#placeOfAsked(period, isQuarterly);
    return place >= first && place <= last ? { from: place, to: place + 1 } : { from: 0, to: 0 };
  }

  #placeOfAsked(period: number, isQuarterly: boolean): number {
    const quarter = period % 100;
    return isQuarterly && (quarter < 1 || quarter > 4) ? -1 : placeOf(period, isQuarterly);
  }
}

/** The first calendar day that is not before a date such as 20190425. */
function firstDayFrom(times: Float64Array, date: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (dateOf(times[middle]!) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The day of a time as 20190425. */
function dateOf(time: number): number {
  return Number(formatTime(time).slice(0, 10).replaceAll('-', ''));
}
