import type { Arithmetic, Comparison, Mode } from './element.ts';

/** A byte offset into the arena; 0 for an output that is not wanted. */
export type Pointer = number;

/** A call of `variance`. */
export interface VarianceLane {
  readonly x: Pointer;
  readonly variance: Pointer;
  readonly deviation: Pointer;
  readonly n: number;
  readonly w: number;
}

/** How many variances at most are done at once. */
export const varianceLanes = 4;

/**
 * The arithmetic of the engine on columns of `n` values in one arena. Two makes of it exist, equal to the bit: ./reference.ts in
 * TypeScript, and ./wasm.ts in WebAssembly. `32` and `64` tell the type of the inputs; windows `w` may exceed `n`.
 */
export interface Kernels {
  readonly buffer: ArrayBuffer;
  widen(x: Pointer, out: Pointer, n: number): void;
  narrow(x: Pointer, out: Pointer, n: number): void;
  finite32(x: Pointer, out: Pointer, n: number): void;
  finite64(x: Pointer, out: Pointer, n: number): void;
  arithmetic32(
    op: Arithmetic,
    mode: Mode,
    x: Pointer,
    y: Pointer,
    scalar: number,
    out: Pointer,
    n: number,
  ): void;
  arithmetic64(
    op: Arithmetic,
    mode: Mode,
    x: Pointer,
    y: Pointer,
    scalar: number,
    out: Pointer,
    n: number,
  ): void;
  compare32(
    op: Comparison,
    mode: Mode,
    x: Pointer,
    y: Pointer,
    scalar: number,
    out: Pointer,
    n: number,
  ): void;
  compare64(
    op: Comparison,
    mode: Mode,
    x: Pointer,
    y: Pointer,
    scalar: number,
    out: Pointer,
    n: number,
  ): void;
  logic(and: boolean, x: Pointer, y: Pointer, out: Pointer, n: number): void;
  /** Pointer 0: the number beside it. */
  where32(condition: Pointer, x: Pointer, a: number, y: Pointer, b: number, out: Pointer, n: number): void;
  where64(condition: Pointer, x: Pointer, a: number, y: Pointer, b: number, out: Pointer, n: number): void;
  absolute32(x: Pointer, out: Pointer, n: number): void;
  absolute64(x: Pointer, out: Pointer, n: number): void;
  sign32(x: Pointer, out: Pointer, n: number): void;
  logarithm32(x: Pointer, out: Pointer, n: number): void;
  logarithm64(x: Pointer, out: Pointer, n: number): void;
  invert(x: Pointer, out: Pointer, n: number): void;
  shift32(x: Pointer, out: Pointer, n: number, k: number): void;
  shift64(x: Pointer, out: Pointer, n: number, k: number): void;
  first32(x: Pointer, out: Pointer, n: number): void;
  first64(x: Pointer, out: Pointer, n: number): void;
  sum(x: Pointer, out: Pointer, n: number, w: number): void;
  mean(x: Pointer, out: Pointer, n: number, w: number): void;
  variance(x: Pointer, variance: Pointer, deviation: Pointer, n: number, w: number): void;
  /** Two to four calls of `variance` at once, of columns that end on the same day; none reads what another one writes. */
  variances(lanes: readonly VarianceLane[], work: Pointer): void;
  count(x: Pointer, out: Pointer, n: number, w: number): void;
  shape(x: Pointer, out: Pointer, n: number, w: number, powers: 3 | 4): void;
  extreme(
    largest: boolean,
    x: Pointer,
    value: Pointer,
    place: Pointer,
    n: number,
    w: number,
    work: Pointer,
  ): void;
  /** `quantiles` numbers at `work`: pairs of q and the pointer of its output; the rest of `work` holds the window. */
  sorted(
    x: Pointer,
    rank: Pointer,
    rankShare: Pointer,
    median: Pointer,
    quantiles: number,
    n: number,
    w: number,
    work: Pointer,
  ): void;
  regression(x: Pointer, slope: Pointer, rsquare: Pointer, residual: Pointer, n: number, w: number): void;
  expandingRegression(x: Pointer, slope: Pointer, rsquare: Pointer, residual: Pointer, n: number): void;
  dropFlat(x: Pointer, deviation: Pointer, out: Pointer, n: number): void;
  exponentialMean(x: Pointer, out: Pointer, n: number, alpha: number): void;
  spanMean(x: Pointer, out: Pointer, n: number, span: number): void;
  expandingEma(x: Pointer, out: Pointer, n: number, work: Pointer): void;
  mad(x: Pointer, out: Pointer, n: number, w: number, work: Pointer): void;
  wma(x: Pointer, out: Pointer, n: number, w: number, work: Pointer): void;
  covariance(x: Pointer, y: Pointer, out: Pointer, n: number, w: number, work: Pointer): void;
  normalize(out: Pointer, a: Pointer, b: Pointer, n: number): void;
  equal(x: Pointer, y: Pointer, n: number): boolean;
}

/** Columns of work space that a kernel may use beside its inputs and outputs. */
export const workColumns = 4;
