import { epsilon } from '../constants.ts';
import { Found } from '../engine/job.ts';
import type { ScanResult } from '../engine/reference/find-split.ts';
import type { LeafRules } from './leaf-output.ts';
import { boundedOutput } from './monotone/bounds.ts';

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
  /** Bins of the categories that go left; null where a number is compared. */
  readonly categories: readonly number[] | null;
  /** 1, -1 or 0: the direction that the feature's outputs must have. */
  readonly monotone: number;
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
  categories: null,
  monotone: 0,
};

/** The split that a kernel found in a leaf, with the children's sums and outputs; those have the feature's bounds, where there are any. */
export function splitOf(
  found: Float64Array,
  leaf: LeafSums & { readonly rows: number },
  rules: LeafRules,
  bounds: { readonly outputs: Float64Array; readonly monotone: readonly number[] } | null,
): Split {
  const gain = found[Found.gain]!;
  if (!(gain > Number.NEGATIVE_INFINITY)) return noSplit;
  const at = 2 * found[Found.feature]!;
  const outputs = bounds && { min: bounds.outputs[at]!, max: bounds.outputs[at + 1]! };
  return {
    gain,
    column: found[Found.column]!,
    feature: found[Found.feature]!,
    threshold: found[Found.threshold]!,
    defaultLeft: found[Found.defaultLeft] === 1,
    categories: null,
    monotone: bounds?.monotone[found[Found.column]!] ?? 0,
    ...childrenOf(
      {
        leftGradient: found[Found.leftGradient]!,
        leftHessian: found[Found.leftHessian]!,
        leftRows: found[Found.leftRows]!,
        left: outputs,
        right: outputs,
      },
      leaf,
      rules,
    ),
  };
}

/** Sums and outputs of the children of a split whose left hessian still has the epsilon of the scan. */
export function childrenOf(
  {
    leftGradient,
    leftHessian,
    leftRows,
    left,
    right,
  }: Pick<ScanResult, 'leftGradient' | 'leftHessian' | 'leftRows' | 'left' | 'right'>,
  leaf: LeafSums & { readonly rows: number },
  rules: LeafRules,
): { left: LeafSums; right: LeafSums } {
  const gradient = leaf.gradient - leftGradient;
  const hessian = leaf.hessian + 2 * epsilon - leftHessian;
  const ofLeft = { gradient: leftGradient, hessian: leftHessian, rows: leftRows };
  const ofRight = { gradient, hessian, rows: leaf.rows - leftRows };
  return {
    left: {
      gradient: leftGradient,
      hessian: leftHessian - epsilon,
      output: boundedOutput(rules, ofLeft, leaf.output, left),
    },
    right: {
      gradient,
      hessian: hessian - epsilon,
      output: boundedOutput(rules, ofRight, leaf.output, right),
    },
  };
}

/** LightGBM's order of splits: higher gain first; of equal gains the smaller column. */
export function isBetter(a: { gain: number; column: number }, b: { gain: number; column: number }): boolean {
  if (a.gain !== b.gain) return a.gain > b.gain;
  const [x, y] = [a.column, b.column].map((c) => (c < 0 ? Number.POSITIVE_INFINITY : c));
  return x! < y!;
}
