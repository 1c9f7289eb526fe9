/** A square matrix by rows. */
export type Matrix = readonly Float64Array[];

/**
 * Lower factor L of a symmetric positive semidefinite matrix, A = L L'. Rows whose pivot is nothing beside the
 * diagonal get zeros, so that a singular A is factored too.
 */
export function cholesky(a: Matrix): Float64Array[] {
  const n = a.length;
  const lower = Array.from({ length: n }, () => new Float64Array(n));
  for (let j = 0; j < n; j++) {
    let pivot = a[j]![j]!;
    for (let k = 0; k < j; k++) pivot -= lower[j]![k]! ** 2;
    if (!(pivot > 1e-14 * Math.abs(a[j]![j]!))) continue;
    const root = Math.sqrt(pivot);
    lower[j]![j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = sum / root;
    }
  }
  return lower;
}

/** Solves L L' x = b; unknowns of zero pivots are 0. */
export function solveCholesky(lower: Matrix, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = x[i]! - lower[i]![k]! * x[k]!;
    x[i] = lower[i]![i]! > 0 ? x[i]! / lower[i]![i]! : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = x[i]! - lower[k]![i]! * x[k]!;
    x[i] = lower[i]![i]! > 0 ? x[i]! / lower[i]![i]! : 0;
  }
  return x;
}
