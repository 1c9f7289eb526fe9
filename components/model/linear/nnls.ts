import { solveColumns, type Triangle } from './orthogonal.ts';

/**
 * min |t - Rw|² with w >= 0: Lawson and Hanson's active sets. The feature with the greatest gradient enters, those whose coefficient
 * would turn negative leave. Source: scipy `nnls` (float64, the same algorithm on all rows).
 */
export function nonNegativeLeastSquares(problem: Triangle): Float64Array {
  const p = problem.columns.length;
  const w = new Float64Array(p);
  const free = new Uint8Array(p);
  const refused = new Uint8Array(p);
  for (let round = 0; round < 30 * p; round++) {
    const next = steepest(problem, w, free, refused);
    if (next < 0) return w;
    free[next] = 1;
    if (settle(problem, w, free, next)) refused.fill(0);
    else {
      // not independent of the others, or only wanted by rounding
      free[next] = 0;
      refused[next] = 1;
    }
  }
  throw new Error(`nnls did not end after ${30 * p} rounds`);
}

/** Moves w to the solution over the free features, dropping those that turn negative on the way; false where `next` can't enter. */
function settle(problem: Triangle, w: Float64Array, free: Uint8Array, next: number): boolean {
  for (let step = 0; ; step++) {
    const set = Array.from(free.keys()).filter((j) => free[j] === 1);
    const target = solveColumns(problem, set);
    if (!target || (step === 0 && target[set.indexOf(next)]! <= 0)) return false;
    let share = 1;
    let last = -1;
    set.forEach((j, k) => {
      if (target[k]! > 0) return;
      const reach = w[j]! / (w[j]! - target[k]!);
      if (reach < share || last < 0) [share, last] = [Math.min(reach, share), j];
    });
    set.forEach((j, k) => {
      w[j]! += share * (target[k]! - w[j]!);
      if (last >= 0 && (j === last || (target[k]! <= 0 && w[j]! <= 0))) {
        w[j] = 0;
        free[j] = 0;
      }
    });
    if (last < 0) return true;
  }
}

/** The bound feature with the greatest positive gradient; -1 where none is positive. */
function steepest(
  { columns, target }: Triangle,
  w: Float64Array,
  free: Uint8Array,
  refused: Uint8Array,
): number {
  const rest = target.slice();
  columns.forEach((c, j) => {
    if (w[j] !== 0) for (let i = 0; i < rest.length; i++) rest[i]! -= w[j]! * c[i]!;
  });
  let best = -1;
  let greatest = 0;
  columns.forEach((c, j) => {
    if (free[j] || refused[j]) return;
    let gradient = 0;
    let size = 0;
    for (let i = 0; i < rest.length; i++) {
      gradient += c[i]! * rest[i]!;
      size += Math.abs(c[i]! * rest[i]!);
    }
    if (gradient > 1e-13 * size && gradient > greatest) [best, greatest] = [j, gradient];
  });
  return best;
}
