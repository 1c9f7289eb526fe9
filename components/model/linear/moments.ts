import type { Design } from './design.ts';

/** Second moments of a regression, about the means where an intercept is fitted. */
export interface Moments {
  readonly n: number;
  readonly p: number;
  /** X'X, `(p, p)`, row-major and symmetric. */
  readonly gram: Float64Array;
  /** X'y, `(p)`. */
  readonly cross: Float64Array;
  /** y'y. */
  readonly square: number;
  /** Means that were taken off (zeros without an intercept). */
  readonly xMean: Float64Array;
  readonly yMean: number;
}

const blockRows = 512;

/** Sums X'X, X'y and y'y in float64, block by block. With `centered`, of the deviations from the (weighted) means. */
export function computeMoments(design: Design, centered: boolean): Moments {
  const p = design.features;
  const center = centered ? means(design) : { x: new Float64Array(p), y: 0 };
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(p);
  let square = 0;
  design.eachBlock(blockRows, centered ? center : null, (x, y, count) => {
    addGram(x, p, count, gram);
    for (let j = 0; j < p; j++) {
      let sum = 0;
      const at = j * blockRows;
      for (let i = 0; i < count; i++) sum += x[at + i]! * y[i]!;
      cross[j]! += sum;
    }
    for (let i = 0; i < count; i++) square += y[i]! * y[i]!;
  });
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) gram[i * p + j] = gram[j * p + i]!;
  return { n: design.rows, p, gram, cross, square, xMean: center.x, yMean: center.y };
}

/** Adds the upper triangle of X'X of one block, four columns by two at a time. */
function addGram(x: Float64Array, p: number, count: number, gram: Float64Array): void {
  for (let i = 0; i < p; i += 2) {
    const a0 = i * blockRows;
    const a1 = Math.min(i + 1, p - 1) * blockRows;
    for (let j = i; j < p; j += 2) {
      const b0 = j * blockRows;
      const b1 = Math.min(j + 1, p - 1) * blockRows;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let k = 0; k < count; k++) {
        const u0 = x[a0 + k]!;
        const u1 = x[a1 + k]!;
        const v0 = x[b0 + k]!;
        const v1 = x[b1 + k]!;
        s00 += u0 * v0;
        s01 += u0 * v1;
        s10 += u1 * v0;
        s11 += u1 * v1;
      }
      gram[i * p + j]! += s00;
      if (j + 1 < p) gram[i * p + j + 1]! += s01;
      if (i + 1 >= p) continue;
      // below the diagonal for j = i; overwritten by symmetry at the end
      gram[(i + 1) * p + j]! += s10;
      if (j + 1 < p) gram[(i + 1) * p + j + 1]! += s11;
    }
  }
}

function means(design: Design): { x: Float64Array; y: number } {
  const p = design.features;
  const column = new Float64Array(design.rows);
  const scales = design.weighted ? design.scales() : null;
  const total = scales ? design.weightSum() : design.rows;
  const mean = (j: number) => {
    design.columnInto(j, column);
    let sum = 0;
    for (let i = 0; i < column.length; i++) sum += column[i]! * (scales ? scales[i]! ** 2 : 1);
    return sum / total;
  };
  return { x: Float64Array.from({ length: p }, (_, j) => mean(j)), y: mean(p) };
}
