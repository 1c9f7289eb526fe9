import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { type Kernels, workColumns } from '../kernels/kernels.ts';
import type { Plan } from './plan.ts';
import type { PlannedStep } from './schedule.ts';
import { bytesOf, type Range, type Value } from './step.ts';

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
  read(source: number, from: number, out: Float32Array): void;
}

export function newRanges(plan: Plan): Ranges {
  return { from: new Int32Array(plan.values), to: new Int32Array(plan.values) };
}

/** Inputs of a step at most. */
const alignments = 6;

/** Bytes of arena that a plan needs. */
export function arenaBytes(plan: Plan): number {
  return reserved + (plan.slots + alignments + workColumns + 1) * columnBytes(plan);
}

/** Pointer 0 means "no output", so that nothing lives there. */
const reserved = 1024;

function columnBytes(plan: Plan): number {
  return (plan.rows + 8) * 8;
}

/**
 * The days of every column of one instrument, without computing one.
 * @throws UserError where operands that must cover the same days do not
 */
export function computeRanges(plan: Plan, data: InstrumentData, ranges: Ranges, times: Float64Array): void {
  for (const planned of plan.steps) rangeOf(planned, data, ranges, times);
}

function rangeOf(
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

/** Runs a plan for one instrument after the other in one arena. */
export class Evaluator {
  readonly #ranges: Ranges;
  /** Pointer to the first day of each column. */
  readonly #pointers: Float64Array;
  readonly #column: number;
  readonly #spare: number;
  readonly #work: number;

  constructor(
    readonly plan: Plan,
    readonly kernels: Kernels,
    readonly times: Float64Array,
  ) {
    this.#ranges = newRanges(plan);
    this.#pointers = new Float64Array(plan.values);
    this.#column = columnBytes(plan);
    this.#spare = reserved + plan.slots * this.#column;
    this.#work = this.#spare + alignments * this.#column;
  }

  /** `write` gets each field's column: a view that is valid during the call, and the calendar day of its first value. */
  run(
    data: InstrumentData,
    write: (field: number, values: Float32Array | Float64Array, from: number) => void,
  ): void {
    const { plan } = this;
    const { from, to } = this.#ranges;
    for (const planned of plan.steps) {
      rangeOf(planned, data, this.#ranges, this.times);
      planned.outputs.forEach((id, i) => {
        this.#pointers[id] = reserved + planned.slots[i]! * this.#column;
      });
      const any = planned.outputs[0]!;
      if (from[any]! < to[any]!) this.#call(planned, data, from[any]!, to[any]!);
      for (const field of planned.fields) {
        const { value, clip } = plan.fields[field]!;
        const first = Math.max(from[value.id]!, clip!.from);
        const end = Math.max(first, Math.min(to[value.id]!, clip!.to));
        write(field, this.#view(value, first, end), first);
      }
    }
  }

  #call(planned: PlannedStep, data: InstrumentData, first: number, end: number): void {
    const n = end - first;
    const outputs = planned.outputs.map((id) => this.#pointers[id]!);
    if (planned.source >= 0) {
      data.read(planned.source, first, new Float32Array(this.kernels.buffer, outputs[0]!, n));
      return;
    }
    let aligned = false;
    const inputs = planned.step.inputs.map(({ value }, i) => {
      const { id, dtype } = value;
      const clip = planned.clips[i];
      const a = Math.max(this.#ranges.from[id]!, clip?.from ?? 0);
      const b = Math.min(this.#ranges.to[id]!, clip?.to ?? Number.MAX_SAFE_INTEGER);
      if (a === first && b === end)
        return this.#pointers[id]! + (a - this.#ranges.from[id]!) * bytesOf(dtype);
      aligned = true;
      return this.#aligned(value, i, Math.min(a, b), b, first, n);
    });
    planned.step.run(this.kernels, n, inputs, outputs, this.#work, aligned);
  }

  /** A copy that covers the days of the output, NaN where the input has none. */
  #aligned(value: Value, i: number, a: number, b: number, first: number, n: number): number {
    const pointer = this.#spare + i * this.#column;
    const out =
      value.dtype === 'f32'
        ? new Float32Array(this.kernels.buffer, pointer, n)
        : new Float64Array(this.kernels.buffer, pointer, n);
    out.fill(Number.NaN);
    if (a < b) out.set(this.#view(value, a, b), a - first);
    return pointer;
  }

  #view(value: Value, a: number, b: number): Float32Array | Float64Array {
    const pointer = this.#pointers[value.id]! + (a - this.#ranges.from[value.id]!) * bytesOf(value.dtype);
    const n = Math.max(0, b - a);
    if (n === 0) return new Float32Array(0);
    return value.dtype === 'f32'
      ? new Float32Array(this.kernels.buffer, pointer, n)
      : new Float64Array(this.kernels.buffer, pointer, n);
  }
}
