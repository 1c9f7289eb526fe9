import type { TreeBuilder } from '../../tree/tree-builder.ts';
import type { Split } from '../split.ts';
import type { OutputBounds, SplitBounds } from './bounds.ts';

/** Bounds of the outputs of leaves while a tree grows, so that predictions are monotone. LightGBM's `LeafConstraintsBase`. */
export interface LeafConstraints {
  /** Histograms of leaves must be kept, because their best splits may be looked for again. */
  readonly revises: boolean;
  newTree(tree: TreeBuilder): void;
  /** Bounds of a leaf where they are the same for all columns and thresholds, else null. */
  range(leaf: number): OutputBounds | null;
  /** Bounds of splits of a leaf by a column. */
  of(leaf: number, column: number, numerical: boolean): SplitBounds;
  beforeSplit(leaf: number, right: number, monotone: number): void;
  /** Called when the tree has the split; `isOpen` says whether a leaf has a best split. Returns leaves whose best splits must be looked for again. */
  afterSplit(
    leaf: number,
    right: number,
    split: Split,
    numerical: boolean,
    isOpen: (leaf: number) => boolean,
  ): readonly number[];
}

/** What the gain of a split by a monotone feature is multiplied with: less at the top of the tree. LightGBM `ComputeMonotoneSplitGainPenalty`. */
export function monotonePenalty(depth: number, penalty: number, epsilon: number): number {
  if (penalty >= depth + 1) return epsilon;
  if (penalty <= 1) return 1 - penalty / 2 ** depth + epsilon;
  return 1 - 2 ** (penalty - 1 - depth) + epsilon;
}
