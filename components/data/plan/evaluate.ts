import type { Kernels } from '../kernels/kernels.ts';
import { type Arena, layOut, viewColumn } from './arena.ts';
import type { Plan } from './plan.ts';
import { type InstrumentData, newRanges, rangeOf } from './ranges.ts';
import type { PlannedStep } from './schedule.ts';
import { bytesOf, type Value } from './step.ts';

type Cells = Float32Array | Float64Array;

/** A step with all pointers worked out, for instruments whose sources cover the same days. */
interface BoundStep {
  readonly planned: PlannedStep;
  /** Rows; 0: nothing to compute. */
  readonly n: number;
  readonly first: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Inputs that must be copied to cover the days of the output, NaN where they have none. */
  readonly copies: readonly { readonly to: Cells; readonly from: Cells; readonly at: number }[];
  /** Column of a source. */
  readonly loaded: Float32Array | null;
  readonly writes: readonly { readonly field: number; readonly values: Cells; readonly first: number }[];
}

/** Different sets of covered days that are remembered. */
const remembered = 16;

/** Runs a plan for one instrument after the other in one arena. */
export class Evaluator {
  readonly #arena: Arena;
  readonly #bound = new Map<string, readonly BoundStep[]>();

  constructor(
    readonly plan: Plan,
    readonly kernels: Kernels,
    readonly times: Float64Array,
  ) {
    this.#arena = layOut(plan);
  }

  /** `write` gets each field's column: a view that is valid during the call, and the calendar day of its first value. */
  run(data: InstrumentData, write: (field: number, values: Cells, first: number) => void): void {
    const { kernels } = this;
    const { work } = this.#arena;
    for (const { planned, n, first, inputs, outputs, copies, loaded, writes } of this.#steps(data)) {
      if (loaded) data.read(planned.source, first, loaded);
      else if (n > 0) {
        for (const { to, from, at } of copies) {
          to.fill(Number.NaN);
          to.set(from, at);
        }
        planned.step.run(kernels, n, inputs, outputs, work, copies.length > 0);
      }
      for (const { field, values, first: day } of writes) write(field, values, day);
    }
  }

  #steps(data: InstrumentData): readonly BoundStep[] {
    const key = this.plan.sources
      .map((_, source) => {
        const { from, to } = data.days(source);
        return `${from}:${to}`;
      })
      .join();
    let steps = this.#bound.get(key);
    if (!steps) {
      if (this.#bound.size >= remembered) this.#bound.delete(this.#bound.keys().next().value!);
      steps = this.#bind(data);
    } else this.#bound.delete(key);
    this.#bound.set(key, steps);
    return steps;
  }

  #bind(data: InstrumentData): BoundStep[] {
    const { plan, kernels, times } = this;
    const ranges = newRanges(plan);
    const pointers = new Map<number, number>();
    const view = (value: Value, a: number, b: number) => {
      const offset = Math.max(0, a - ranges.from[value.id]!) * bytesOf(value.dtype);
      return viewColumn(kernels, value.dtype, pointers.get(value.id)! + offset, Math.max(0, b - a));
    };
    return plan.steps.map((planned) => {
      const { step } = planned;
      rangeOf(planned, data, ranges, times);
      planned.outputs.forEach((id, i) => {
        pointers.set(id, this.#arena.slot(planned.slots[i]!));
      });
      const outputs = planned.outputs.map((id) => pointers.get(id)!);
      const first = ranges.from[planned.outputs[0]!]!;
      const end = ranges.to[planned.outputs[0]!]!;
      const n = end - first;
      const copies: { to: Cells; from: Cells; at: number }[] = [];
      const inputs = step.inputs.map(({ value }, i) => {
        const clip = planned.clips[i];
        const a = Math.max(ranges.from[value.id]!, clip?.from ?? 0);
        const b = Math.min(ranges.to[value.id]!, clip?.to ?? Number.MAX_SAFE_INTEGER);
        if (a === first && b === end)
          return pointers.get(value.id)! + (a - ranges.from[value.id]!) * bytesOf(value.dtype);
        const to = viewColumn(kernels, value.dtype, this.#arena.aligned(i), n);
        copies.push({ to, from: view(value, a, Math.max(a, b)), at: a < b ? a - first : 0 });
        return to.byteOffset;
      });
      const writes = planned.fields.map((field) => {
        const { value, clip } = plan.fields[field]!;
        const a = Math.max(ranges.from[value.id]!, clip!.from);
        const b = Math.min(ranges.to[value.id]!, clip!.to);
        return { field, values: view(value, a, Math.max(a, b)), first: a };
      });
      const loaded = planned.source >= 0 && n > 0 ? new Float32Array(kernels.buffer, outputs[0]!, n) : null;
      return { planned, n: planned.source >= 0 ? 0 : n, first, inputs, outputs, copies, loaded, writes };
    });
  }
}
