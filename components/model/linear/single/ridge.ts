import { pairwiseSum } from '../../../core/stats.ts';
import type { Center, Design } from '../design.ts';
import { GramSum } from '../gram.ts';
import { factor, productOf, solveBackward, solveForward } from './cholesky.ts';
import { columnParts, dotInto, kernelOf } from './cross.ts';
import { pairedEntries, passesOf, passRows } from './tiles.ts';

export interface SingleRidge {
  readonly coef: Float64Array;
  readonly center: Center | null;
}

/**
 * Ridge regression in float32: (X'X + alpha I) w = X'y by Cholesky, every rounding where numpy, scipy and OpenBLAS 0.3 have it on a CPU with
 * AVX2. The design of Alpha158 is singular (columns are sums of others), so w hangs on these roundings: in float64 predictions differ from
 * qlib's by as much as 6e-3 of 2.1 (alpha 0.05, 30 instruments). `threads` is what OpenBLAS would take: they split X'X and so its roundings.
 * Undefined where float32 does not find the matrix positive definite (scikit-learn then takes the singular values), and for more than 320
 * features or fewer rows than features, which other code paths of these libraries compute.
 */
export function singleRidge(
  design: Design,
  alpha: number,
  intercept: boolean,
  threads: number,
): SingleRidge | undefined {
  const { features: p, rows: n } = design;
  if (p > passRows || n < p) return undefined;
  const center = intercept ? singleMeans(design) : null;
  const { upper, cross } = singleMoments(design, center, threads);
  const penalty = Math.fround(alpha);
  for (let j = 0; j < p; j++) upper[j * p + j] = upper[j * p + j]! + penalty;
  if (!factor(upper, p)) return undefined;
  solveForward(upper, p, 0, cross, false);
  solveBackward(upper, p, cross);
  return { coef: Float64Array.from(cross), center };
}

/** X'X (upper triangle, column by column) and X'y in float32. */
function singleMoments(design: Design, center: Center | null, threads: number) {
  const { features: p, rows: n } = design;
  const sums = new GramSum(p, passRows, true);
  const { block, pad } = sums;
  const label = new Float64Array(n);
  const paired = pairedEntries(p, threads);
  const again = new Float32Array(paired.length);
  const columns = new Float32Array(passRows * p);
  let from = 0;
  for (const count of passesOf(n)) {
    const y = label.subarray(from, from + count);
    design.read(from, count, { x: block, rowStep: pad, columnStep: 1, y }, { center, single: true });
    sums.add(count);
    if (paired.length > 0) {
      for (let j = 0; j < p; j++)
        for (let i = 0; i < count; i++) columns[j * passRows + i] = block[i * pad + j]!;
      paired.forEach(({ i, j }, k) => {
        again[k] = again[k]! + productOf(columns, i * passRows, j * passRows, count, true);
      });
    }
    from += count;
  }
  const upper = Float32Array.from(sums.matrix());
  paired.forEach(({ i, j }, k) => {
    upper[j * p + i] = again[k]!;
  });
  return { upper, cross: singleCross(design, center, Float32Array.from(label), threads) };
}

function singleCross(design: Design, center: Center | null, y: Float32Array, threads: number): Float32Array {
  const { features: p, rows: n } = design;
  const cross = new Float32Array(p);
  const column = new Float32Array(n);
  const scales = design.weights()?.map((w) => Math.fround(Math.sqrt(Math.fround(w))));
  let j = 0;
  for (const width of columnParts(p, n, threads))
    for (let c = 0; c < width; c++, j++) {
      design.columnInto(j, column);
      if (center) for (let i = 0; i < n; i++) column[i] = column[i]! - center.x[j]!;
      if (scales) for (let i = 0; i < n; i++) column[i] = column[i]! * scales[i]!;
      cross[j] = dotInto(0, column, y, kernelOf(c, width));
    }
  return cross;
}

/** Means in float32, each sum in numpy's order. */
function singleMeans(design: Design): Center {
  const { features: p, rows: n } = design;
  const column = new Float32Array(n);
  const given = design.weights();
  const weights = given ? Float32Array.from(given) : null;
  const total = weights ? pairwiseSum(weights, 0, n, Math.fround) : n;
  const meanOf = (j: number) => {
    design.columnInto(j, column);
    if (weights) for (let i = 0; i < n; i++) column[i] = column[i]! * weights[i]!;
    return Math.fround(pairwiseSum(column, 0, n, Math.fround) / total);
  };
  return { x: Float32Array.from({ length: p }, (_, j) => meanOf(j)), y: meanOf(p) };
}
