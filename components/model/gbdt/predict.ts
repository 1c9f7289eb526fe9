import type { ModelData, PredictOptions } from './booster.ts';
import { type FeatureColumn, type TreeColumn, valued } from './data.ts';
import { outputOf } from './objective/convert.ts';
import { stopRule, walkUntilSure } from './predict-until-sure.ts';
import { depthOf, expectedValue, TreeShap } from './tree/shap.ts';
import { RowWalker } from './tree/walk.ts';

export type PredictKind = 'output' | 'raw' | 'leaf' | 'contrib';

/** Rows walked through all trees before the next ones: their values stay in the cache. */
const block = 4096;

/** Predictions of the rows [from, to), written to `out` from the place of row 0 on. */
export function predictRows(
  model: ModelData,
  columns: readonly TreeColumn[],
  from: number,
  to: number,
  options: PredictOptions,
  out: Float64Array,
): void {
  const { treesPerIteration: k, averageOutput, objective } = model;
  const { kind = 'output' } = options;
  const used = usedTrees(model, options);
  if (kind === 'contrib') {
    addContributions(used, k, columns.map(valued), from, to, out);
    return;
  }
  const width = kind === 'leaf' ? used.length : k;
  const walker = new RowWalker(columns);
  const stop = kind === 'output' || kind === 'raw' ? stopRule(model, options) : null;
  if (stop) walkUntilSure(used, k, walker, from, to, stop, out);
  else
    for (let start = from; start < to; start += block) {
      const end = Math.min(start + block, to);
      for (const [t, tree] of used.entries()) {
        const at = kind === 'leaf' ? t : t % k;
        walker.walk(tree, null, start, end, (leaf, rows, first, last) => {
          if (kind === 'leaf') for (let i = first; i < last; i++) out[rows[i]! * width + at] = leaf;
          else {
            const value = tree.leafValue[leaf]!;
            for (let i = first; i < last; i++) out[rows[i]! * width + at]! += value;
          }
        });
      }
    }
  if (kind === 'leaf') return;
  const share = averageOutput && used.length > 0 ? k / used.length : 1;
  const part = out.subarray(from * width, to * width);
  if (share !== 1) for (let i = 0; i < part.length; i++) part[i]! *= share;
  if (kind === 'output' && objective) outputOf(objective)?.(part, width);
}

/** The trees that predict: `iterations` of them from `startIteration` on; all where they are not above 0, as in Python. */
export function usedTrees(
  { trees, treesPerIteration: k }: Pick<ModelData, 'trees' | 'treesPerIteration'>,
  { iterations = 0, startIteration = 0 }: PredictOptions,
): ModelData['trees'] {
  const start = Math.max(0, startIteration) * k;
  return trees.slice(start, iterations > 0 ? start + iterations * k : trees.length);
}

function addContributions(
  trees: ModelData['trees'],
  classes: number,
  columns: readonly FeatureColumn[],
  from: number,
  to: number,
  out: Float64Array,
): void {
  const shap = new TreeShap(columns);
  const expected = trees.map(expectedValue);
  const depths = trees.map(depthOf);
  const width = columns.length + 1;
  for (let row = from; row < to; row++)
    for (const [t, tree] of trees.entries())
      shap.add(tree, expected[t]!, depths[t]!, row, out, (row * classes + (t % classes)) * width);
}
