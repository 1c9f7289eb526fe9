import type { Split } from '../split.ts';
import { fixedBounds, type OutputBounds, type SplitBounds, unbounded } from './bounds.ts';
import type { LeafConstraints } from './leaf-constraints.ts';

/** Bounds of a leaf, for all columns and thresholds alike. */
export class Range {
  min = unbounded.min;
  max = unbounded.max;

  copy(): Range {
    const copy = new Range();
    copy.min = this.min;
    copy.max = this.max;
    return copy;
  }

  /** True if the lower bound changed. */
  raiseMin(value: number): boolean {
    if (!(value > this.min)) return false;
    this.min = value;
    return true;
  }

  /** True if the upper bound changed. */
  lowerMax(value: number): boolean {
    if (!(value < this.max)) return false;
    this.max = value;
    return true;
  }
}

/**
 * The method `basic`: a split by a monotone feature bounds both children by the middle of their outputs, and so all leaves below them.
 * LightGBM's `BasicLeafConstraints`.
 */
export class BasicConstraints implements LeafConstraints {
  readonly revises = false;
  readonly #monotone: readonly number[];
  #leaves: Range[] = [];

  constructor(monotone: readonly number[]) {
    this.#monotone = monotone;
  }

  newTree(): void {
    this.#leaves = [new Range()];
  }

  range(leaf: number): OutputBounds {
    return this.#leaves[leaf]!;
  }

  of(leaf: number, column: number, numerical: boolean): SplitBounds {
    return fixedBounds(this.#leaves[leaf]!, numerical ? this.#monotone[column]! : 0);
  }

  beforeSplit(): void {}

  afterSplit(leaf: number, right: number, split: Split, numerical: boolean): readonly number[] {
    const own = this.#leaves[leaf]!;
    const other = own.copy();
    this.#leaves[right] = other;
    const middle = (split.left.output + split.right.output) / 2;
    if (!numerical || split.monotone === 0) return [];
    const [lower, upper] = split.monotone > 0 ? [own, other] : [other, own];
    lower.lowerMax(middle);
    upper.raiseMin(middle);
    return [];
  }
}
