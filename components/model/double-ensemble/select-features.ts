import { cut } from '../../core/cut.ts';
import type { NumpyRandom } from '../../core/numpy-random.ts';
import { pythonSetOrder } from '../../core/python-set.ts';
import { mean, populationStd } from '../../core/stats.ts';

/**
 * How much worse the ensemble gets where a feature is shuffled: mean(d) / (std(d) + 1e-7) over the rows' loss increases d; 0 where that is NaN.
 */
export function importanceOf(lossIncrease: Float64Array): number {
  const g = mean(lossIncrease) / (populationStd(lossIncrease) + 1e-7);
  return Number.isNaN(g) ? 0 : g;
}

/**
 * Features for the next sub-model: they are parted into `ratios.length` bins of equal width by importance, and of each bin that holds any, from the
 * highest on, the next ratio of its features is drawn. In the order of Python's set (PYTHONHASHSEED=0), on which ties between splits depend.
 * Source: qlib contrib/model/double_ensemble.py.
 */
export function selectFeatures(
  names: readonly string[],
  importance: Float64Array,
  ratios: readonly number[],
  random: NumpyRandom,
): string[] {
  const bin = cut(importance, ratios.length);
  const chosen: string[] = [];
  const filled = [...new Set(bin)].sort((a, b) => b - a);
  for (const [i, b] of filled.entries()) {
    const members = names.filter((_, f) => bin[f] === b);
    chosen.push(...random.choice(members, Math.ceil(ratios[i]! * members.length)));
  }
  return pythonSetOrder(chosen);
}
