import { type Kernels, workColumns } from '../kernels/kernels.ts';
import type { Plan } from './plan.ts';
import type { DType } from './step.ts';

/** Inputs of a step at most: room to align each of them. */
const alignedColumns = 6;

/** Pointer 0 means "no output", so that nothing lives there. */
const reserved = 1024;

/** Where the columns of a plan live in the memory of its kernels: slots, then room to align inputs, then work space. */
export interface Arena {
  readonly bytes: number;
  slot(slot: number): number;
  aligned(input: number): number;
  readonly work: number;
}

export function layOut(plan: Plan): Arena {
  const column = (plan.rows + 8) * 8;
  const aligned = reserved + plan.slots * column;
  const work = aligned + alignedColumns * column;
  return {
    bytes: work + (workColumns + 1) * column,
    slot: (slot) => reserved + slot * column,
    aligned: (input) => aligned + input * column,
    work,
  };
}

/** A column in the arena as its values. */
export function viewColumn(
  kernels: Kernels,
  dtype: DType,
  pointer: number,
  n: number,
): Float32Array | Float64Array {
  return dtype === 'f32'
    ? new Float32Array(kernels.buffer, pointer, n)
    : new Float64Array(kernels.buffer, pointer, n);
}
