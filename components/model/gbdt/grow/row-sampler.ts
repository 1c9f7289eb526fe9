import type { ScoredData } from '../engine/shared.ts';
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
export function makeBagging(
  params: Params,
  { label, group, sampledQueries }: Pick<ScoredData, 'label' | 'group' | 'sampledQueries'>,
  features: number,
): RowSampler | null {
  const hasClasses = params.objective === 'binary';
  const { bagging_fraction, pos_bagging_fraction, neg_bagging_fraction, bagging_freq } = params;
  const balanced = hasClasses && (pos_bagging_fraction < 1 || neg_bagging_fraction < 1);
  if (bagging_freq <= 0 || !(bagging_fraction < 1 || balanced)) return null;
  const randoms = makeRandoms(label.length, params.bagging_seed);
  if (sampledQueries && group) {
    const copied = copiesBag(params, label.length, features);
    return untilFull(byQuery(group, sampledQueries, bagging_fraction, bagging_freq, randoms, copied));
  }
  return untilFull({
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
  });
}

/** After a bag of all rows LightGBM never draws another. */
function untilFull(sampler: RowSampler): RowSampler {
  let full = false;
  return {
    ...sampler,
    next(iteration, rows, pairs) {
      if (full) return null;
      const count = sampler.next(iteration, rows, pairs);
      full = count === rows.length;
      return count;
    },
  };
}

/** Whether LightGBM copies the rows of a bag (`is_use_subset`): it then adds trees to the scores of all rows alike. */
export function copiesBag(
  { bagging_fraction, bagging_freq }: Params,
  length: number,
  features: number,
): boolean {
  const rate = Math.trunc(bagging_fraction * length) / length / bagging_freq;
  return rate <= 0.5 && features < 100;
}

/**
 * Whole queries. Where LightGBM does not copy the bag, it forgets to list the rows left out: it adds trees to rows of earlier bags, or to row 0, in their
 * place. So do we, to get the same trees.
 */
function byQuery(
  group: Int32Array,
  sampled: Uint8Array,
  fraction: number,
  frequency: number,
  randoms: readonly Random[],
  copied: boolean,
): RowSampler {
  return {
    changesHessian: false,
    next(iteration, rows) {
      if (iteration % frequency !== 0) return null;
      let front = 0;
      let back = rows.length;
      let row = 0;
      for (const [q, count] of group.entries()) {
        sampled[q] = Number(randoms[Math.floor(q / randomBlock)]!.nextFloat() < Math.fround(fraction));
        for (const end = row + count; row < end; row++)
          if (sampled[q]) rows[front++] = row;
          else if (copied) rows[--back] = row;
      }
      return front;
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
