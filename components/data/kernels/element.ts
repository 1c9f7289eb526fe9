import { pow } from '../../core/power.ts';
import { log32 } from './log32.ts';

/** Element-wise kernels: numpy's arithmetic on float32 and float64 arrays. The reference of element.as.ts. */

export type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'max' | 'min';
export type Comparison = 'gt' | 'ge' | 'lt' | 'le' | 'eq' | 'ne';
/** Which side is a number: `vs` the right one, `sv` the left one. */
export type Mode = 'vv' | 'vs' | 'sv';
export type Cells = Float32Array | Float64Array;

/**
 * `out = x op y`, rounded to the type of `out`: with float32 in and out every operation is float32's, because a float64 result of
 * + - * / on float32 operands, rounded once more, is the float32 result. NaN spreads, also through max and min (np.maximum).
 */
export function arithmetic(
  op: Arithmetic,
  mode: Mode,
  x: Cells,
  y: Cells,
  scalar: number,
  out: Cells,
  n: number,
): void {
  const f = operations[op];
  if (mode === 'vv') for (let i = 0; i < n; i++) out[i] = f(x[i]!, y[i]!);
  else if (mode === 'vs') for (let i = 0; i < n; i++) out[i] = f(x[i]!, scalar);
  else for (let i = 0; i < n; i++) out[i] = f(scalar, y[i]!);
}

const operations: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: power,
  max: (a, b) => (a >= b || Number.isNaN(a) ? a : b),
  min: (a, b) => (a <= b || Number.isNaN(a) ? a : b),
};

/** C's pow; what needs no logarithm is done at once, as numpy does it. */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  if (b === 0.5) return Math.sqrt(a);
  if (b === 1) return a;
  if (b === -1) return 1 / a;
  return pow(a, b);
}

/** `out = x op y` as 1 or 0; a comparison with NaN is false, `ne` true. */
export function compare(
  op: Comparison,
  mode: Mode,
  x: Cells,
  y: Cells,
  scalar: number,
  out: Float64Array,
  n: number,
): void {
  const f = comparisons[op];
  for (let i = 0; i < n; i++) {
    const a = mode === 'sv' ? scalar : x[i]!;
    const b = mode === 'vs' ? scalar : y[i]!;
    out[i] = f(a, b) ? 1 : 0;
  }
}

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
};

/** Conditions joined; a missing one counts as false. */
export function logic(and: boolean, x: Float64Array, y: Float64Array, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const a = x[i]! !== 0 && !Number.isNaN(x[i]!);
    const b = y[i]! !== 0 && !Number.isNaN(y[i]!);
    out[i] = (and ? a && b : a || b) ? 1 : 0;
  }
}

/** np.where: NaN as condition counts as true. */
export function where(
  condition: Float64Array,
  x: Cells | number,
  y: Cells | number,
  out: Cells,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const chosen = condition[i] !== 0 ? x : y;
    out[i] = typeof chosen === 'number' ? chosen : chosen[i]!;
  }
}

export function copyInto(x: Cells, out: Cells, n: number): void {
  for (let i = 0; i < n; i++) out[i] = x[i]!;
}

/** Infinities become NaN, as pandas prepares values for its windows. */
export function finite(x: Cells, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    out[i] = v - v === 0 ? v : Number.NaN;
  }
}

export function absolute(x: Cells, out: Cells, n: number): void {
  for (let i = 0; i < n; i++) out[i] = Math.abs(x[i]!);
}

/** -1, 0 or 1; NaN for NaN. */
export function sign(x: Cells, out: Cells, n: number): void {
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    out[i] = v > 0 ? 1 : v < 0 ? -1 : v === 0 ? 0 : Number.NaN;
  }
}

/** Natural logarithm: -Infinity for 0, NaN below; of float32 numpy's own (./log32.ts). */
export function logarithm(x: Cells, out: Cells, n: number): void {
  const f = x instanceof Float32Array ? log32 : Math.log;
  for (let i = 0; i < n; i++) out[i] = f(x[i]!);
}

/** 1 becomes 0 and 0 becomes 1. */
export function invert(x: Float64Array, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i] = x[i] === 0 ? 1 : 0;
}

/** The value `k` rows before; NaN where there is none. Negative `k` looks ahead. */
export function shift(x: Cells, out: Cells, n: number, k: number): void {
  for (let i = 0; i < n; i++) {
    const j = i - k;
    out[i] = j >= 0 && j < n ? x[j]! : Number.NaN;
  }
}

/** The first value, everywhere. */
export function first(x: Cells, out: Cells, n: number): void {
  for (let i = 0; i < n; i++) out[i] = x[0]!;
}
