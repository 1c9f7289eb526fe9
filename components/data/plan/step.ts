import type { Tree } from '../expression/tree.ts';
import type { Kernels, Pointer } from '../kernels/kernels.ts';

/**
 * Type that a column has in qlib (numpy 1.26, pandas 2.2), which decides how it is rounded: `flag` is pandas' object column of True, False and
 * NaN, what a shifted condition is. f32 is kept as float32, all others as float64.
 */
export type DType = 'f32' | 'f64' | 'i64' | 'bool' | 'flag';

/** Calendar days [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A column that a step makes for one instrument. */
export interface Value {
  readonly id: number;
  readonly dtype: DType;
  /** Each day depends on that day alone, so that it may be computed for more days than one user asks for. */
  readonly pointwise: boolean;
  readonly step: Step;
}

/** A column as a step reads it: `clip` cuts a pointwise one to the days that this expression loads. */
export interface Use {
  readonly value: Value;
  readonly clip: Range | null;
}

/** Where the rows of a column stand: row `i` is calendar day `first + i`. */
export interface Rows {
  readonly first: number;
  readonly times: Float64Array;
}

/** Rows that a step leaves out at the beginning and the end of its input. */
export interface Trim {
  readonly left: number;
  readonly right: number;
}

/** How days of several inputs meet: `union` fills with NaN, as pandas aligns; `equal` refuses inputs that differ. */
export type Alignment = 'union' | 'equal';

export interface Source {
  readonly field: string;
  /** Another instrument's data; null is the instrument at hand. */
  readonly instrument: string | null;
  /** Set for a point-in-time expression: the latest period, or the one given. `field` is then its text. */
  readonly pit: { readonly tree: Tree; readonly period: number | null } | null;
}

/** One call of a kernel. Multi-output kernels collect the outputs that are asked for. */
export interface Step {
  readonly key: string;
  /** For people. */
  readonly label: string;
  readonly inputs: readonly Use[];
  readonly outputs: Value[];
  /** Names of the outputs of a fused step, in the order of `outputs`. */
  readonly names: string[];
  readonly alignment: Alignment;
  readonly trim: Trim | null;
  /** Present for a step that reads a field. */
  readonly source: Source | null;
  /** Window of a step that computes variances, several of which can be done at once; else null. */
  readonly varianceOver: number | null;
  /** The expression that asked for it first, for messages. */
  readonly expression: string;
  /** `aligned`: inputs were filled up with NaN to cover the same days. */
  run(
    kernels: Kernels,
    n: number,
    inputs: readonly Pointer[],
    outputs: readonly Pointer[],
    work: Pointer,
    aligned: boolean,
    rows: Rows,
  ): void;
}

/** Bytes of one value of a column. */
export function bytesOf(dtype: DType): 4 | 8 {
  return dtype === 'f32' ? 4 : 8;
}
