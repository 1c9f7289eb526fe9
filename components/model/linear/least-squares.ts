import type { Design } from './design.ts';
import { symmetricEigen } from './eigen.ts';
import type { Moments } from './moments.ts';

/** Singular values below this share of the greatest count as zero: scikit-learn's `LinearRegression(tol=1e-6)`. */
const cutoff = 1e-6;

/**
 * The least squares solution of smallest norm, singular values below 1e-6 of the greatest taken as zero, by the eigenvectors of X'X and
 * one step of refinement on the residuals. Source: scikit-learn LinearRegression (LAPACK gelsd); there in float32 for float32 features.
 */
export function leastSquares(design: Design, moments: Moments): Float64Array {
  const { p, gram, cross } = moments;
  const { values, vectors } = symmetricEigen(gram, p);
  const limit = values.reduce((max, x) => Math.max(max, x), 0) * cutoff ** 2;
  const solve = (b: Float64Array) => {
    const w = new Float64Array(p);
    for (let k = 0; k < p; k++) {
      if (!(values[k]! > limit)) continue;
      let share = 0;
      for (let j = 0; j < p; j++) share += vectors[k * p + j]! * b[j]!;
      share /= values[k]!;
      for (let j = 0; j < p; j++) w[j]! += share * vectors[k * p + j]!;
    }
    return w;
  };
  const w = solve(cross);
  const more = solve(residualCross(design, moments, w));
  return w.map((x, j) => x + more[j]!);
}

/** X'(y - Xw). */
function residualCross(design: Design, { p, xMean, yMean }: Moments, w: Float64Array): Float64Array {
  const size = 512;
  const out = new Float64Array(p);
  design.eachBlock(size, { x: xMean, y: yMean }, (x, y, count) => {
    const rest = y.slice(0, count);
    for (let j = 0; j < p; j++) for (let i = 0; i < count; i++) rest[i]! -= w[j]! * x[j * size + i]!;
    for (let j = 0; j < p; j++) for (let i = 0; i < count; i++) out[j]! += x[j * size + i]! * rest[i]!;
  });
  return out;
}
