import type { Params } from '../params/resolve.ts';

/** What an objective is made from. Every thread makes its own; they must behave the same. */
export interface ObjectiveData {
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  readonly group: Int32Array | null;
  readonly length: number;
  /** Queries whose gradients are wanted this time, 1 each; absent for all. */
  readonly sampledQueries?: Uint8Array | null;
}

/** A loss and its derivatives. */
export interface Objective {
  readonly name: string;
  /** As the model file's line `objective=` has it. */
  readonly text: string;
  /** Trees an iteration: 1, or one a class. */
  readonly trees: number;
  /** False where nothing can be learned, such as only one class. */
  trainable(tree: number): boolean;
  /** The score to start from, if `boost_from_average`. */
  startScore(tree: number): number;
  /**
   * Writes (gradient, hessian) of the rows [from, to) as float32 pairs: those of tree k from `2 * k * length` on. Scores of tree k from
   * `k * length` on.
   */
  gradients(score: Float64Array, pairs: Float32Array, from: number, to: number): void;
  /** A better leaf value from the residuals of its rows, for objectives whose hessian says nothing. */
  renew?(leafValue: number, rows: Uint32Array, score: Float64Array): number;
}

export type MakeObjective = (params: Params, data: ObjectiveData) => Objective;

/** Sum and weight of labels: sum(w * y), sum(w). */
export function weightedSum(
  { label, weight, length }: ObjectiveData,
  of: (label: number) => number = (x) => x,
): { sum: number; weights: number } {
  let sum = 0;
  let weights = 0;
  if (!weight) {
    for (let i = 0; i < length; i++) sum += of(label[i]!);
    return { sum, weights: length };
  }
  for (let i = 0; i < length; i++) {
    sum += of(label[i]!) * weight[i]!;
    weights += weight[i]!;
  }
  return { sum, weights };
}
