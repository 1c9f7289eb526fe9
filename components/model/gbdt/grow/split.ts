import { epsilon } from '../constants.ts';
import { Found } from '../engine/job.ts';
import { type LeafRules, leafOutput } from './leaf-output.ts';

/** Sums of a leaf. */
export interface LeafSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly output: number;
}

/** The best split of a leaf. */
export interface Split {
  readonly gain: number;
  readonly column: number;
  readonly feature: number;
  readonly threshold: number;
  readonly defaultLeft: boolean;
  readonly left: LeafSums;
  readonly right: LeafSums;
}

/** No split at all. */
export const noSplit: Split = {
  gain: Number.NEGATIVE_INFINITY,
  column: -1,
  feature: -1,
  threshold: 0,
  defaultLeft: true,
  left: { gradient: 0, hessian: 0, output: 0 },
  right: { gradient: 0, hessian: 0, output: 0 },
};

/** The split that a kernel found in a leaf, with the children's sums and outputs. */
export function splitOf(
  found: Float64Array,
  leaf: LeafSums & { readonly rows: number },
  rules: LeafRules,
): Split {
  const gain = found[Found.gain]!;
  if (!(gain > Number.NEGATIVE_INFINITY)) return noSplit;
  const hessian = leaf.hessian + 2 * epsilon;
  const leftGradient = found[Found.leftGradient]!;
  const leftHessian = found[Found.leftHessian]!;
  const leftRows = found[Found.leftRows]!;
  const rightGradient = leaf.gradient - leftGradient;
  const rightHessian = hessian - leftHessian;
  const output = (g: number, h: number, rows: number) => leafOutput(rules, g, h, rows, leaf.output);
  return {
    gain,
    column: found[Found.column]!,
    feature: found[Found.feature]!,
    threshold: found[Found.threshold]!,
    defaultLeft: found[Found.defaultLeft] === 1,
    left: {
      gradient: leftGradient,
      hessian: leftHessian - epsilon,
      output: output(leftGradient, leftHessian, leftRows),
    },
    right: {
      gradient: rightGradient,
      hessian: rightHessian - epsilon,
      output: output(rightGradient, rightHessian, leaf.rows - leftRows),
    },
  };
}

/** LightGBM's order of splits: higher gain first; of equal gains the smaller column. */
export function isBetter(a: { gain: number; column: number }, b: { gain: number; column: number }): boolean {
  if (a.gain !== b.gain) return a.gain > b.gain;
  const [x, y] = [a.column, b.column].map((c) => (c < 0 ? Number.POSITIVE_INFINITY : c));
  return x! < y!;
}
