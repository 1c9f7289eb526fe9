import type { Center, Design } from './design.ts';
import { GramSum } from './gram.ts';

/** Second moments of a regression, about the means where an intercept is fitted. */
export interface Moments {
  readonly n: number;
  readonly p: number;
  /** X'X, `(p, p)`, symmetric. */
  readonly gram: Float64Array;
  /** X'y, `(p)`. */
  readonly cross: Float64Array;
  /** y'y. */
  readonly square: number;
  /** Means that were taken off (zeros without an intercept). */
  readonly xMean: Float64Array;
  readonly yMean: number;
}

const blockRows = 320;

/** Sums X'X, X'y and y'y in float64, block by block. With `centered`, of the deviations from the (weighted) means. */
export function computeMoments(design: Design, centered: boolean): Moments {
  const { features: p, rows: n } = design;
  const center = centered ? meansOf(design) : { x: new Float64Array(p), y: 0 };
  const sums = new GramSum(p, blockRows, false);
  const { block: x, pad } = sums;
  const y = new Float64Array(blockRows);
  const cross = new Float64Array(p);
  let square = 0;
  for (let from = 0; from < n; from += blockRows) {
    const count = Math.min(blockRows, n - from);
    design.read(from, count, { x, rowStep: pad, columnStep: 1, y }, { center: centered ? center : null });
    sums.add(count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < p; j++) cross[j]! += x[i * pad + j]! * y[i]!;
      square += y[i]! * y[i]!;
    }
  }
  return { n, p, gram: sums.matrix(), cross, square, xMean: Float64Array.from(center.x), yMean: center.y };
}

function meansOf(design: Design): Center {
  const p = design.features;
  const column = new Float64Array(design.rows);
  const weights = design.weights();
  const total = weights ? weights.reduce((sum, w) => sum + w, 0) : design.rows;
  const mean = (j: number) => {
    design.columnInto(j, column);
    let sum = 0;
    for (let i = 0; i < column.length; i++) sum += column[i]! * (weights ? weights[i]! : 1);
    return sum / total;
  };
  return { x: Float64Array.from({ length: p }, (_, j) => mean(j)), y: mean(p) };
}
