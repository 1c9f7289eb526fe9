import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import type { Plan } from './plan.ts';
import type { PlannedStep } from './schedule.ts';
import type { Range } from './step.ts';

/** Days that each column of one instrument covers, by value id. */
export interface Ranges {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Where a plan gets the data of one instrument from. */
export interface InstrumentData {
  readonly instrument: string;
  /** Days that source number `source` covers; from >= to: none. */
  days(source: number): Range;
  /** Fills `out` with its values from the calendar day `from` on. */
  read(source: number, from: number, out: Float32Array | Float64Array): void;
}

export function newRanges(plan: Plan): Ranges {
  return { from: new Int32Array(plan.values), to: new Int32Array(plan.values) };
}

/**
 * The days of every column of one instrument, without computing one.
 * @throws UserError where operands that must cover the same days do not
 */
export function computeRanges(plan: Plan, data: InstrumentData, ranges: Ranges, times: Float64Array): void {
  for (const planned of plan.steps) rangeOf(planned, data, ranges, times);
}

/** The days of the outputs of one step, from those of its inputs. */
export function rangeOf(
  planned: PlannedStep,
  data: InstrumentData,
  { from, to }: Ranges,
  times: Float64Array,
): void {
  const { step, days } = planned;
  let first = 0;
  let end = 0;
  if (planned.source >= 0) {
    const covered = data.days(planned.source);
    first = Math.max(covered.from, days.from);
    end = Math.min(covered.to, days.to);
  } else {
    for (let i = 0; i < step.inputs.length; i++) {
      const clip = planned.clips[i];
      const id = planned.inputs[i]!;
      const a = clip ? Math.max(from[id]!, clip.from) : from[id]!;
      const b = clip ? Math.min(to[id]!, clip.to) : to[id]!;
      if (i === 0) [first, end] = [a, b];
      else if ((a !== first || b !== end) && !(a >= b && first >= end)) {
        if (step.alignment === 'equal')
          throw unequal(planned, data.instrument, { from: first, to: end }, { from: a, to: b }, times);
        if (first >= end) [first, end] = [a, b];
        else if (a < b) [first, end] = [Math.min(first, a), Math.max(end, b)];
      }
    }
  }
  if (step.trim) {
    first += step.trim.left;
    end -= step.trim.right;
  }
  if (first >= end) first = end = 0;
  for (const id of planned.outputs) {
    from[id] = first;
    to[id] = end;
  }
}

function unequal(
  { step }: PlannedStep,
  instrument: string,
  a: Range,
  b: Range,
  times: Float64Array,
): UserError {
  const text = (r: Range) =>
    r.from < r.to
      ? `${formatTime(times[r.from]!)} to ${formatTime(times[Math.min(r.to, times.length) - 1]!)}`
      : 'no day';
  return new UserError(
    `${instrument}, expression "${step.expression.slice(0, 200)}": the two sides of "${step.label.split(' ')[0]}" cover different days, ${text(a)} and ${text(b)}`,
    {
      hint: 'comparisons, And, Or and If need data for the same days, in qlib as well; a field may be absent or shorter for this instrument',
    },
  );
}
