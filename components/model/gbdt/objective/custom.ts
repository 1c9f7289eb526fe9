import type { Objective } from './objective.ts';

/**
 * A loss of the user's: writes the first and second derivatives of all rows. Scores and derivatives of class k stand from `k * rows` on. As in
 * Python, nothing is converted: scores are the prediction.
 */
export type CustomObjective = (score: Float64Array, gradients: Float32Array, hessians: Float32Array) => void;

/** The objective of a custom loss over `length` rows. It computes all rows at once and so runs on one thread. */
export function customObjective(loss: CustomObjective, length: number, classes: number): Objective {
  const gradients = new Float32Array(classes * length);
  const hessians = new Float32Array(classes * length);
  return {
    name: 'custom',
    text: '',
    trees: classes,
    trainable: () => true,
    startScore: () => 0,
    gradients(score, pairs) {
      loss(score, gradients, hessians);
      for (let i = 0; i < gradients.length; i++) {
        pairs[2 * i] = gradients[i]!;
        pairs[2 * i + 1] = hessians[i]!;
      }
    },
  };
}
