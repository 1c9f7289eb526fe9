import type { Params } from '../params/resolve.ts';
import { Random } from '../random.ts';

/** Rows with a random generator of their own. */
const randomBlock = 1024;

/** Chooses the rows of each tree. */
export interface RowSampler {
  /** True if it changes gradients, so that hessians are not constant. */
  readonly changesHessian: boolean;
  /**
   * Writes the rows of the next tree to the front of `rows`, ascending, and the others behind; returns how many there are, or null
   * if nothing changed since the last call. `pairs`: gradients and hessians, which it may scale.
   */
  next(iteration: number, rows: Uint32Array, pairs: Float32Array): number | null;
}

/** Uses all rows. */
export const allRows: RowSampler = { changesHessian: false, next: () => null };

/** Bagging as LightGBM does it (src/boosting/bagging.hpp); null where `bagging_freq` is 0 or nothing is left out. */
export function makeBagging(params: Params, label: Float32Array, hasClasses: boolean): RowSampler | null {
  const { bagging_fraction, pos_bagging_fraction, neg_bagging_fraction, bagging_freq } = params;
  const balanced = hasClasses && (pos_bagging_fraction < 1 || neg_bagging_fraction < 1);
  if (bagging_freq <= 0 || !(bagging_fraction < 1 || balanced)) return null;
  const randoms = makeRandoms(label.length, params.bagging_seed);
  return {
    changesHessian: false,
    next(iteration, rows) {
      if (iteration % bagging_freq !== 0) return null;
      return fill(rows, (row) => {
        const share = balanced
          ? label[row]! > 0
            ? pos_bagging_fraction
            : neg_bagging_fraction
          : bagging_fraction;
        return randoms[Math.floor(row / randomBlock)]!.nextFloat() < Math.fround(share);
      });
    },
  };
}

export function makeRandoms(rows: number, seed: number): Random[] {
  return Array.from({ length: Math.ceil(rows / randomBlock) }, (_, i) => new Random(seed + i));
}

/** Chosen rows to the front, ascending; the others to the back, descending. */
export function fill(rows: Uint32Array, choose: (row: number) => boolean): number {
  let front = 0;
  let back = rows.length;
  for (let row = 0; row < rows.length; row++)
    if (choose(row)) rows[front++] = row;
    else rows[--back] = row;
  return front;
}
