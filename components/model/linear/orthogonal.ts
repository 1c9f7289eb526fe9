import type { Design } from './design.ts';

/** A least squares problem of p + 1 rows that has the solutions of the large one: |y - Xw|² = |t - Rw|² + rest². */
export interface Triangle {
  /** Columns of the reduced matrix, `(p)` of `(rows)`. */
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
}

const blockRows = 512;

/**
 * Reduces |y - Xw|² by Householder reflections, block by block, to p + 1 rows: stable where X'X loses small singular values. With
 * `intercept` a column of ones is the last feature.
 */
export function reduceToTriangle(design: Design, intercept: boolean): Triangle {
  const p = design.features + (intercept ? 1 : 0);
  /** Column j: p + 1 rows of the triangle, then the rows of the block; the last column is y. */
  const rows = p + 1 + blockRows;
  const columns = Array.from({ length: p + 1 }, () => new Float64Array(rows));
  design.eachBlock(blockRows, null, (x, y, count) => {
    for (let j = 0; j < design.features; j++)
      columns[j]!.set(x.subarray(j * blockRows, j * blockRows + count), p + 1);
    if (intercept) columns[p - 1]!.fill(1, p + 1, p + 1 + count);
    columns[p]!.set(y.subarray(0, count), p + 1);
    for (let k = 0; k <= p; k++) reflect(columns, k, p + 1, p + 1 + count);
  });
  const [target, ...reversed] = columns.map((c) => c.slice(0, p + 1)).reverse();
  return { columns: reversed.reverse(), target: target! };
}

/** Makes rows [from, to) of column k zero, with the help of its row k, and turns the columns after it alike. */
function reflect(columns: readonly Float64Array[], k: number, from: number, to: number): void {
  const v = columns[k]!;
  let square = 0;
  for (let i = from; i < to; i++) square += v[i]! * v[i]!;
  if (square === 0) return;
  const top = v[k]!;
  const length = Math.sqrt(top * top + square);
  const turned = top > 0 ? -length : length;
  const head = top - turned;
  const scale = 2 / (head * head + square);
  for (let j = k + 1; j < columns.length; j++) {
    const c = columns[j]!;
    let dot = head * c[k]!;
    for (let i = from; i < to; i++) dot += v[i]! * c[i]!;
    dot *= scale;
    c[k]! -= dot * head;
    for (let i = from; i < to; i++) c[i]! -= dot * v[i]!;
  }
  v[k] = turned;
  v.fill(0, from, to);
}

/**
 * The least squares solution over some columns, by Householder reflections. Undefined where a column is, up to rounding, a combination
 * of those before it.
 */
export function solveColumns(
  { columns, target }: Triangle,
  set: readonly number[],
): Float64Array | undefined {
  const work = [...set.map((j) => columns[j]!.slice()), target.slice()];
  const m = target.length;
  for (let k = 0; k < set.length; k++) {
    const before = norm(columns[set[k]!]!);
    reflect(work, k, k + 1, m);
    if (!(Math.abs(work[k]![k]!) > 1e-14 * before)) return undefined;
  }
  const rest = work[set.length]!;
  const w = new Float64Array(set.length);
  for (let i = set.length - 1; i >= 0; i--) {
    let sum = rest[i]!;
    for (let k = i + 1; k < set.length; k++) sum -= work[k]![i]! * w[k]!;
    w[i] = sum / work[i]![i]!;
  }
  return w;
}

function norm(x: Float64Array): number {
  let square = 0;
  for (const value of x) square += value * value;
  return Math.sqrt(square);
}
