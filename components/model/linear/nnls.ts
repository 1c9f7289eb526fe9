import { solveCholesky } from './cholesky.ts';

/**
 * Least squares with w >= 0 out of X'X, `(p, p)`, and X'y: Lawson and Hanson's active sets. Features enter by the greatest gradient
 * and leave where their coefficient would turn negative. Source: scipy `nnls` (same solution; ours works on the moments).
 */
export function nonNegativeLeastSquares(gram: Float64Array, cross: Float64Array): Float64Array {
  const p = cross.length;
  const w = new Float64Array(p);
  const free = new Uint8Array(p);
  const refused = new Uint8Array(p);
  const scale = cross.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const tolerance = 1e-12 * scale * p;
  for (let round = 0; round < 30 * p; round++) {
    const next = steepest(gram, cross, w, free, refused, tolerance);
    if (next < 0) return w;
    free[next] = 1;
    for (let step = 0; ; step++) {
      const set = indices(free);
      const target = solveOn(gram, cross, set);
      if (!target || (step === 0 && target[set.indexOf(next)]! <= 0)) {
        // not independent of the others, or only wanted by rounding
        free[next] = 0;
        refused[next] = 1;
        break;
      }
      if (target.every((x) => x > 0)) {
        w.fill(0);
        set.forEach((j, k) => {
          w[j] = target[k]!;
        });
        refused.fill(0);
        break;
      }
      let share = 1;
      set.forEach((j, k) => {
        if (target[k]! <= 0) share = Math.min(share, w[j]! / (w[j]! - target[k]!));
      });
      set.forEach((j, k) => {
        w[j]! += share * (target[k]! - w[j]!);
        if (target[k]! <= 0 && w[j]! <= 1e-15 * Math.abs(target[k]!)) {
          w[j] = 0;
          free[j] = 0;
        }
      });
    }
  }
  throw new Error(`nnls did not end after ${30 * p} rounds`);
}

/** The bound feature with the greatest positive gradient; -1 where none is positive. */
function steepest(
  gram: Float64Array,
  cross: Float64Array,
  w: Float64Array,
  free: Uint8Array,
  refused: Uint8Array,
  tolerance: number,
): number {
  const p = cross.length;
  let best = -1;
  let greatest = tolerance;
  for (let j = 0; j < p; j++) {
    if (free[j] || refused[j]) continue;
    let gradient = cross[j]!;
    for (let k = 0; k < p; k++) gradient -= gram[j * p + k]! * w[k]!;
    if (gradient > greatest) [best, greatest] = [j, gradient];
  }
  return best;
}

function indices(flags: Uint8Array): number[] {
  return Array.from(flags.keys()).filter((j) => flags[j] === 1);
}

function solveOn(gram: Float64Array, cross: Float64Array, set: readonly number[]): Float64Array | undefined {
  const p = cross.length;
  const part = Float64Array.from(set.flatMap((i) => set.map((j) => gram[i * p + j]!)));
  return solveCholesky(
    part,
    Float64Array.from(set, (j) => cross[j]!),
  );
}
