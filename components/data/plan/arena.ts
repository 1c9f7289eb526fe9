import { workColumns } from '../kernels/kernels.ts';
import type { Plan } from './plan.ts';

/** Inputs of a step at most: room to align each of them. */
const alignedColumns = 6;

/** Pointer 0 means "no output", so that nothing lives there. */
const reserved = 1024;

/** Bytes of a column of work space at least: some kernels keep a little there for each of their outputs. */
const leastWork = 16_384;

/** Where the columns of a plan live in the memory of its kernels: slots, then room to align inputs, then work space. */
export interface Arena {
  readonly bytes: number;
  slot(slot: number): number;
  aligned(input: number): number;
  readonly work: number;
  /** Room for `stageBytes` at the end. */
  readonly stage: number;
}

export function layOut(plan: Plan, stageBytes = 0): Arena {
  const column = (plan.rows + 8) * 8;
  const aligned = reserved + plan.slots * column;
  const work = aligned + alignedColumns * column;
  const stage = work + (workColumns + 1) * Math.max(column, leastWork);
  return {
    bytes: stage + stageBytes,
    slot: (slot) => reserved + slot * column,
    aligned: (input) => aligned + input * column,
    work,
    stage,
  };
}
