import type { Values } from '../../core/panel.ts';
import { importanceOf } from './select-features.ts';
import { ShuffledOutput, type WalkedModel } from './shuffled-output.ts';

/** A feature with its values in another order. */
export interface ShuffledFeature {
  readonly values: Values;
  /** Its place among the columns of each sub-model, -1 where it has none. */
  readonly places: readonly number[];
}

export interface ImportancePayload {
  readonly models: readonly WalkedModel[];
  readonly label: Values;
  /** The ensemble's loss of each row. */
  readonly losses: Float64Array;
  readonly features: readonly ShuffledFeature[];
}

/** Rows that are predicted at a time. */
const block = 4096;

/** The worker task `double-ensemble-importance`: `importanceOf` for each of the features. */
export function importanceTask({ models, label, losses, features }: ImportancePayload): number[] {
  const increase = new Float64Array(label.length);
  const mean = new Float64Array(block);
  const output = new Float64Array(block);
  return features.map(({ values, places }) => {
    const outputs = models.map((own, k) => new ShuffledOutput(own, places[k]!));
    for (let from = 0; from < label.length; from += block) {
      const to = Math.min(from + block, label.length);
      mean.fill(0);
      for (const shuffled of outputs) {
        shuffled.into(output, values, from, to);
        for (let i = 0; i < to - from; i++) mean[i]! += output[i]! / models.length;
      }
      for (let i = from; i < to; i++) increase[i] = (label[i]! - mean[i - from]!) ** 2 - losses[i]!;
    }
    return importanceOf(increase);
  });
}
