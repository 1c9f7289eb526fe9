import { varianceLanes } from '../kernels/kernels.ts';
import type { Range, Source, Step, Use } from './step.ts';

/** A step with everything that does not depend on the instrument worked out. */
export interface PlannedStep {
  readonly step: Step;
  /** Index in `sources` for a step that reads, else -1. */
  readonly source: number;
  /** Days that a reading step reads at most. */
  readonly days: Range;
  /** Value ids. */
  readonly inputs: readonly number[];
  /** Days to which each input is cut. */
  readonly clips: readonly (Range | null)[];
  readonly outputs: readonly number[];
  /** Arena slot of each output. */
  readonly slots: readonly number[];
  /** How many of the steps that follow may be done at once with this one. */
  readonly joined: number;
  /** Fields (by index) that can be written once this step is done. */
  readonly fields: readonly number[];
}

export interface Schedule {
  readonly steps: readonly PlannedStep[];
  readonly sources: readonly Source[];
  readonly slots: number;
  readonly rows: number;
  readonly values: number;
}

/**
 * Orders steps so that columns die young (what can be computed from a new column is computed at once), gives columns slots that are used
 * again once their last reader is done, and finds the days that shared columns must span.
 */
export function schedule(steps: readonly Step[], fields: readonly Use[]): Schedule {
  const order = ordered(steps);
  const days = daysNeeded(steps, fields);
  const sources: Source[] = [];
  const readers = new Map<number, number>();
  const count = (use: Use) => readers.set(use.value.id, (readers.get(use.value.id) ?? 0) + 1);
  for (const step of steps) step.inputs.forEach(count);
  fields.forEach(count);

  const slotOf = new Map<number, number>();
  const free: number[] = [];
  let slots = 0;
  let rows = 0;
  let values = 0;
  const release = (id: number) => {
    const left = readers.get(id)! - 1;
    readers.set(id, left);
    if (left === 0) free.push(slotOf.get(id)!);
  };
  const take = (step: Step) => {
    for (const output of step.outputs) {
      slotOf.set(output.id, free.pop() ?? slots++);
      values = Math.max(values, output.id + 1);
    }
  };
  const plan = (step: Step, joined: number): PlannedStep => {
    const span = days.get(step) ?? { from: 0, to: 0 };
    rows = Math.max(rows, span.to - span.from);
    const written = fields.flatMap((use, i) => (step.outputs.includes(use.value) ? [i] : []));
    for (const { value } of step.inputs) release(value.id);
    for (const i of written) release(fields[i]!.value.id);
    for (const output of step.outputs)
      if (!readers.get(output.id) && !written.some((i) => fields[i]!.value === output))
        free.push(slotOf.get(output.id)!);
    return {
      step,
      source: step.source ? sources.push(step.source) - 1 : -1,
      days: span,
      inputs: step.inputs.map((use) => use.value.id),
      // a shared step covers the days that its readers ask for, its inputs may cover more
      clips: step.inputs.map((use) => use.clip ?? (step.outputs[0]!.pointwise ? span : null)),
      outputs: step.outputs.map((value) => value.id),
      slots: step.outputs.map((value) => slotOf.get(value.id)!),
      joined,
      fields: written,
    };
  };
  const planned = order.flatMap((group) => {
    // of those done at once none may write where another one still reads
    group.forEach(take);
    return group.map((step, i) => plan(step, i === 0 ? group.length - 1 : 0));
  });
  return { steps: planned, sources, slots, rows, values };
}

/**
 * Depth first over readers: a step is placed as soon as all its inputs are there; a step of variances waits for others until
 * there are as many as can be done at once or nothing else is left.
 */
function ordered(steps: readonly Step[]): Step[][] {
  const readersOf = new Map<Step, Step[]>();
  const missing = new Map<Step, number>();
  for (const step of steps) {
    const makers = new Set(step.inputs.map((use) => use.value.step));
    missing.set(step, makers.size);
    for (const maker of makers) readersOf.set(maker, [...(readersOf.get(maker) ?? []), step]);
  }
  const done: Step[][] = [];
  let waiting: Step[] = [];
  const ready = steps.filter((step) => missing.get(step) === 0).reverse();
  const place = (group: Step[]) => {
    done.push(group);
    const readers = group.flatMap((step) => readersOf.get(step) ?? []);
    for (let i = readers.length - 1; i >= 0; i--) {
      const left = missing.get(readers[i]!)! - 1;
      missing.set(readers[i]!, left);
      if (left === 0) ready.push(readers[i]!);
    }
  };
  for (;;) {
    const step = ready.pop();
    if (step && step.varianceOver === null) place([step]);
    else {
      if (step) waiting.push(step);
      else if (waiting.length === 0) return done;
      if (step && waiting.length < varianceLanes) continue;
      const group = waiting;
      waiting = [];
      place(group);
    }
  }
}

/** Days that a step's column may span: for pointwise ones all that any reader asks for. */
function daysNeeded(steps: readonly Step[], fields: readonly Use[]): Map<Step, Range> {
  const days = new Map<Step, Range>();
  const widen = (step: Step, { from, to }: Range) => {
    const before = days.get(step);
    days.set(
      step,
      before ? { from: Math.min(before.from, from), to: Math.max(before.to, to) } : { from, to },
    );
  };
  for (const { value, clip } of fields) if (clip) widen(value.step, clip);
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    for (const { value, clip } of step.inputs) {
      const asked = clip ?? days.get(step);
      if (asked) widen(value.step, asked);
    }
  }
  return days;
}
