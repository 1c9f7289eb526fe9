import type { Params } from '../params/resolve.ts';
import { fill, makeRandoms, type RowSampler } from './row-sampler.ts';

/**
 * Gradient-based one-side sampling: all rows of large |gradient * hessian|, a random share of the others with larger weight; all rows in the
 * first 1 / learning_rate iterations. Source: LightGBM `GOSSStrategy` (src/boosting/goss.hpp), as with one thread.
 */
export function makeGoss(params: Params, length: number, trees: number): RowSampler {
  const randoms = makeRandoms(length, params.bagging_seed);
  const top = Math.max(1, Math.trunc(length * params.top_rate));
  const other = Math.trunc(length * params.other_rate);
  const multiply = Math.fround(Math.fround(length - top) / other);
  let everSampled = false;
  return {
    changesHessian: true,
    next(iteration, rows, pairs) {
      if (iteration < Math.trunc(Math.fround(1 / params.learning_rate)))
        return everSampled ? fill(rows, () => true) : null;
      everSampled = true;
      const sizes = new Float32Array(length);
      for (let k = 0; k < trees; k++)
        for (let i = 0; i < length; i++) {
          const at = 2 * (k * length + i);
          sizes[i]! += Math.abs(Math.fround(pairs[at]! * pairs[at + 1]!));
        }
      const threshold = sizes.slice().sort()[length - top]!;
      let large = 0;
      let small = 0;
      return fill(rows, (row) => {
        if (sizes[row]! >= threshold) {
          large++;
          return true;
        }
        const wanted = other - small;
        const left = length - row - (top - large);
        if (!(randoms[row >>> 10]!.nextFloat() < wanted / left)) return false;
        small++;
        for (let k = 0; k < trees; k++) {
          const at = 2 * (k * length + row);
          pairs[at]! *= multiply;
          pairs[at + 1]! *= multiply;
        }
        return true;
      });
    },
  };
}
