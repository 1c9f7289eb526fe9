import { solveCholesky } from './cholesky.ts';
import type { Design } from './design.ts';
import { leastSquares } from './least-squares.ts';
import type { Moments } from './moments.ts';

/** min |y - Xw|² + alpha |w|²: (X'X + alpha I) w = X'y by Cholesky; the least squares solution of smallest norm where that matrix is singular. Source: scikit-learn `Ridge`. */
export function ridge(design: Design, moments: Moments, alpha: number): Float64Array {
  const { p, cross } = moments;
  const gram = moments.gram.slice();
  for (let j = 0; j < p; j++) gram[j * p + j]! += alpha;
  return (alpha > 0 ? solveCholesky(gram, cross) : undefined) ?? leastSquares(design, moments);
}
