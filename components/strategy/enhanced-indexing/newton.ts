import { cholesky, type Matrix, solveCholesky } from './cholesky.ts';
import type { Constraints, Point } from './constraints.ts';

/** Solves (P + G' diag(a) G) x + A' y = b, A x = c with A = (1, 0): steps of the interior point method. */
export type NewtonSolver = (b: Point, c: number) => { readonly x: Point; readonly y: number };

/**
 * Eliminates t, whose block is a diagonal plus a constant, so that on w a diagonal plus a matrix of rank k + 1
 * is left.
 */
export function newtonSolver(constraints: Constraints, a: Float64Array): NewtonSolver {
  const { n, k, at, hasTurnover, problem } = constraints;
  const { residualVariance, factorCovariance, exposure, riskAversion } = problem;
  const factors = factorCovariance.length;
  const diagonal = new Float64Array(n);
  const cross = new Float64Array(n);
  const ofT = new Float64Array(n);
  let spread = 0;
  for (let i = 0; i < n; i++) {
    diagonal[i] = 2 * riskAversion * residualVariance[i]! + a[i]! + a[n + i]!;
    if (!hasTurnover) continue;
    const [up, down] = [a[at.turnover + i]!, a[at.turnover + n + i]!];
    ofT[i] = up + down;
    cross[i] = down - up;
    diagonal[i] = diagonal[i]! + (4 * up * down) / (up + down);
    spread += 1 / ofT[i]!;
  }
  const weight = hasTurnover ? 1 / (1 / a[at.sum]! + spread) : 0;
  const inner = factorCovariance.map((row, i) =>
    Float64Array.from(row, (x, j) => {
      const bound = i === j && k > 0 ? a[at.deviation + i]! + a[at.deviation + k + i]! : 0;
      return 2 * riskAversion * x + bound;
    }),
  );
  const columns = lowRank(exposure, cholesky(inner), n, factors);
  if (hasTurnover) columns.push(Float64Array.from(cross, (e, i) => (e / ofT[i]!) * Math.sqrt(weight)));
  const solveW = diagonalPlusLowRank(diagonal, columns);
  const solveT = (b: Float64Array) => {
    const plain = Float64Array.from(b, (x, i) => x / ofT[i]!);
    const shared = weight * plain.reduce((sum, x) => sum + x, 0);
    return Float64Array.from(plain, (x, i) => x - shared / ofT[i]!);
  };
  const ones = solveW(new Float64Array(n).fill(1));
  const total = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0);
  return (b, c) => {
    const back = hasTurnover ? solveT(b.t) : b.t;
    const right = hasTurnover ? Float64Array.from(b.w, (x, i) => x - cross[i]! * back[i]!) : b.w;
    const plain = solveW(right);
    const y = (total(plain) - c) / total(ones);
    const w = Float64Array.from(plain, (x, i) => x - y * ones[i]!);
    const t = hasTurnover ? solveT(Float64Array.from(b.t, (x, i) => x - cross[i]! * w[i]!)) : b.t;
    return { x: { w, t }, y };
  };
}

/** Columns of F L. */
function lowRank(exposure: Matrix, lower: Matrix, n: number, factors: number): Float64Array[] {
  return Array.from({ length: factors }, (_, j) => {
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let k = j; k < factors; k++) column[i] = column[i]! + exposure[i]![k]! * lower[k]![j]!;
    return column;
  });
}

/**
 * Solver of (diag(d) + B B') x = b by Cholesky, with one step of refinement: near the solution Woodbury's
 * identity would lose the small d beside the large B.
 */
function diagonalPlusLowRank(
  d: Float64Array,
  columns: readonly Float64Array[],
): (b: Float64Array) => Float64Array {
  const matrix = Array.from(d, (value, i) => {
    const row = new Float64Array(d.length);
    for (const column of columns) for (let j = 0; j <= i; j++) row[j] = row[j]! + column[i]! * column[j]!;
    row[i] = row[i]! + value;
    return row;
  });
  const lower = cholesky(matrix);
  return (b) => {
    const x = solveCholesky(lower, b);
    const rest = b.map((value, i) => value - d[i]! * x[i]!);
    for (const column of columns) {
      let along = 0;
      for (let i = 0; i < x.length; i++) along += column[i]! * x[i]!;
      for (let i = 0; i < x.length; i++) rest[i] = rest[i]! - column[i]! * along;
    }
    const fix = solveCholesky(lower, rest);
    return x.map((value, i) => value + fix[i]!);
  };
}
