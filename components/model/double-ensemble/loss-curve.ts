import type { Values } from '../../core/panel.ts';
import { outputOf } from '../gbdt/objective/convert.ts';
import { shares } from './sample-weights.ts';
import type { WalkedModel } from './shuffled-output.ts';

/**
 * Mean ranks, as shares, of each row's squared losses after each of the first and of the last tenth of a sub-model's iterations (at least one). What an iteration adds is
 * shown as the objective predicts it.
 */
export function lossCurveEnds({ model, table }: WalkedModel, label: Values) {
  const { leaves, trees } = table;
  const part = Math.max(Math.trunc(trees * 0.1), 1);
  const convert = model.objective ? outputOf(model.objective) : null;
  const score = new Float64Array(label.length);
  const early = new Float64Array(label.length);
  const late = new Float64Array(label.length);
  for (let t = 0; t < trees; t++) {
    const values = model.trees[t]!.leafValue.slice();
    convert?.(values, 1);
    for (let row = 0; row < score.length; row++) score[row]! += values[leaves[row * trees + t]!]!;
    if (t >= part && t < trees - part) continue;
    const ranks = shares(score.map((x, i) => (label[i]! - x) ** 2));
    if (t < part) for (let i = 0; i < early.length; i++) early[i]! += ranks[i]!;
    if (t >= trees - part) for (let i = 0; i < late.length; i++) late[i]! += ranks[i]!;
  }
  return { early: early.map((sum) => sum / part), late: late.map((sum) => sum / part) };
}
