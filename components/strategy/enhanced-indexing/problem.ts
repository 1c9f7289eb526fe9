import type { Matrix } from './cholesky.ts';

/**
 * minimize lamb (v' C v + sum u_i d_i^2) - r' d over weights w with d = w - wb, v = F' d + v0, subject to sum w
 * = total, lower <= w <= upper, -deviation <= v <= deviation (if given) and sum |w - w0| <= turnover (if
 * given).
 */
export interface IndexingProblem {
  readonly expectedReturn: Float64Array;
  /** F by instrument: `(n, k)`. */
  readonly exposure: Matrix;
  /** C: `(k, k)`. */
  readonly factorCovariance: Matrix;
  /** u. */
  readonly residualVariance: Float64Array;
  readonly benchmark: Float64Array;
  readonly current: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly total: number;
  /** v0: what weights that are not free add. */
  readonly fixedExposure: Float64Array;
  readonly riskAversion: number;
  readonly deviation: Float64Array | null;
  readonly turnover: number | null;
}

/** F' x: `(k)`. */
export function exposureOf(exposure: Matrix, x: Float64Array, factors: number): Float64Array {
  const out = new Float64Array(factors);
  for (let i = 0; i < x.length; i++)
    for (let k = 0; k < factors; k++) out[k] = out[k]! + exposure[i]![k]! * x[i]!;
  return out;
}

/** A x of a square matrix. */
export function times(a: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from(a, (row) => {
    let sum = 0;
    for (let k = 0; k < x.length; k++) sum += row[k]! * x[k]!;
    return sum;
  });
}
