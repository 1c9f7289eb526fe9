import type { Kernels, VarianceLane } from '../kernels/kernels.ts';
import { type Arena, layOut } from './arena.ts';
import { pointerOf } from './builder.ts';
import type { Plan } from './plan.ts';
import { type InstrumentData, newRanges, type Ranges, rangeOf } from './ranges.ts';
import type { PlannedStep } from './schedule.ts';
import { bytesOf, type DType, type Rows } from './step.ts';

type Cells = Float32Array | Float64Array;

/** Values of a column in the arena: `cells[at] ... cells[at + length - 1]`. */
interface Part {
  readonly cells: Cells;
  readonly at: number;
  readonly length: number;
}

/** A column in the arena. */
export interface Column {
  readonly dtype: DType;
  readonly pointer: number;
  readonly length: number;
}

/** A step with all pointers worked out, for instruments whose sources cover the same days. */
interface BoundStep {
  readonly planned: PlannedStep;
  /** Rows; 0: nothing to compute. */
  readonly n: number;
  readonly first: number;
  readonly rows: Rows;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** This step and the next ones, done at once. */
  lanes: readonly VarianceLane[] | null;
  /** Inputs that must be copied to cover the days of the output, NaN where they have none. */
  readonly copies: readonly { readonly to: Part; readonly from: Part; readonly skip: number }[];
  readonly writes: readonly { readonly field: number; readonly column: Column; readonly first: number }[];
}

/** Different sets of covered days that are remembered. */
const remembered = 16;
const none: readonly never[] = [];

/** Runs a plan for one instrument after the other in one arena. */
export class Evaluator {
  readonly #arena: Arena;
  readonly #f32: Float32Array;
  readonly #f64: Float64Array;
  readonly #ranges: Ranges;
  readonly #pointers: Int32Array;
  readonly #bound = new Map<string, readonly BoundStep[]>();

  constructor(
    readonly plan: Plan,
    readonly kernels: Kernels,
    readonly times: Float64Array,
  ) {
    this.#arena = layOut(plan);
    this.#f32 = new Float32Array(kernels.buffer);
    this.#f64 = new Float64Array(kernels.buffer);
    this.#ranges = newRanges(plan);
    this.#pointers = new Int32Array(plan.values);
  }

  /** `write` gets each field's column, valid during the call, and the calendar day of its first value. */
  run(data: InstrumentData, write: (field: number, column: Column, first: number) => void): void {
    const { kernels } = this;
    const { work } = this.#arena;
    let done = 0;
    for (const bound of this.#steps(data)) {
      const { planned, n, first, inputs, outputs, lanes, copies, writes } = bound;
      if (lanes) {
        kernels.variances(lanes, work);
        done = lanes.length - 1;
      } else if (done > 0) done--;
      else if (n > 0) {
        if (planned.source >= 0) {
          const Cells = planned.step.outputs[0]!.dtype === 'f32' ? Float32Array : Float64Array;
          data.read(planned.source, first, new Cells(kernels.buffer, outputs[0]!, n));
        } else {
          for (const { to, from, skip } of copies) {
            to.cells.fill(Number.NaN, to.at, to.at + to.length);
            to.cells.set(from.cells.subarray(from.at, from.at + from.length), to.at + skip);
          }
          planned.step.run(kernels, n, inputs, outputs, work, copies.length > 0, bound.rows);
        }
      }
      for (const { field, column, first: day } of writes) write(field, column, day);
    }
  }

  #steps(data: InstrumentData): readonly BoundStep[] {
    let key = '';
    for (let source = 0; source < this.plan.sources.length; source++) {
      const { from, to } = data.days(source);
      key += `${from}:${to},`;
    }
    let steps = this.#bound.get(key);
    if (!steps) {
      if (this.#bound.size >= remembered) this.#bound.delete(this.#bound.keys().next().value!);
      const bound = this.plan.steps.map((planned) => this.#bind(planned, data));
      bound.forEach((step, i) => {
        const { joined } = step.planned;
        if (joined > 0) step.lanes = lanesOf(bound.slice(i, i + 1 + joined));
      });
      steps = bound;
    } else this.#bound.delete(key);
    this.#bound.set(key, steps);
    return steps;
  }

  #bind(planned: PlannedStep, data: InstrumentData): BoundStep {
    const { step, clips, fields } = planned;
    const { from, to } = this.#ranges;
    rangeOf(planned, data, this.#ranges, this.times);
    const outputs = planned.slots.map((slot) => this.#arena.slot(slot));
    planned.outputs.forEach((id, i) => {
      this.#pointers[id] = outputs[i]!;
    });
    const first = from[planned.outputs[0]!]!;
    const end = to[planned.outputs[0]!]!;
    const copies: { to: Part; from: Part; skip: number }[] = [];
    const inputs = step.inputs.map(({ value: { id, dtype } }, i) => {
      const clip = clips[i];
      const a = Math.max(from[id]!, clip?.from ?? 0, first);
      const b = Math.max(a, Math.min(to[id]!, clip?.to ?? end, end));
      if (a === first && b === end) return this.#pointerAt(id, dtype, a);
      const pointer = this.#arena.aligned(i);
      copies.push({
        to: this.#part(dtype, pointer, end - first),
        from: this.#part(dtype, this.#pointerAt(id, dtype, a), b - a),
        skip: a < b ? a - first : 0,
      });
      return pointer;
    });
    const writes = fields.map((field) => {
      const { value, clip } = this.plan.fields[field]!;
      const a = Math.max(from[value.id]!, clip!.from);
      const b = Math.max(a, Math.min(to[value.id]!, clip!.to));
      return {
        field,
        column: { dtype: value.dtype, pointer: this.#pointerAt(value.id, value.dtype, a), length: b - a },
        first: a,
      };
    });
    return {
      planned,
      n: end - first,
      first,
      rows: { first, times: this.times },
      inputs,
      outputs,
      lanes: null,
      copies: copies.length > 0 ? copies : none,
      writes: writes.length > 0 ? writes : none,
    };
  }

  /** Where the value of the calendar day `day` is. */
  #pointerAt(id: number, dtype: DType, day: number): number {
    return this.#pointers[id]! + (day - this.#ranges.from[id]!) * bytesOf(dtype);
  }

  #part(dtype: DType, pointer: number, length: number): Part {
    return { cells: dtype === 'f32' ? this.#f32 : this.#f64, at: pointer / bytesOf(dtype), length };
  }
}

/** The variances of steps that all have something to compute that ends on the same day; else null. */
function lanesOf(steps: readonly BoundStep[]): VarianceLane[] | null {
  const end = steps[0]!.first + steps[0]!.n;
  if (steps.some(({ n, first, copies }) => n === 0 || first + n !== end || copies.length > 0)) return null;
  return steps.map(({ planned: { step }, inputs, outputs, n }) => {
    const wanted = { names: step.names, pointers: outputs };
    return {
      x: inputs[0]!,
      variance: pointerOf(wanted, 'variance'),
      deviation: pointerOf(wanted, 'deviation'),
      n,
      w: step.varianceOver!,
    };
  });
}
