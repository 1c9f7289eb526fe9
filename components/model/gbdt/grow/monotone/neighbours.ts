import type { TreeBuilder } from '../../tree/tree-builder.ts';

/**
 * Splits passed on the way up from a leaf, and which side the leaf is on: they tell which leaves in other branches touch it. Only the first split by a
 * feature on each side counts.
 */
export class WayUp {
  readonly #columns: number[] = [];
  readonly #bins: number[] = [];
  readonly #fromRight: boolean[] = [];

  /** Whether leaves on the other side of a split could touch the leaf. LightGBM `OppositeChildShouldBeUpdated`. */
  reaches(numerical: boolean, column: number, fromRight: boolean): boolean {
    return (
      numerical && !this.#columns.some((passed, i) => passed === column && this.#fromRight[i] === fromRight)
    );
  }

  pass(column: number, bin: number, fromRight: boolean): void {
    this.#columns.push(column);
    this.#bins.push(bin);
    this.#fromRight.push(fromRight);
  }

  /** Whether the left and right children of a node could touch the leaf. LightGBM `ShouldKeepGoingLeftRight`. */
  touches(tree: TreeBuilder, node: number): { left: boolean; right: boolean } {
    const sides = { left: true, right: true };
    if (!tree.isNumerical(node)) return sides;
    for (const [i, column] of this.#columns.entries()) {
      if (column !== tree.splitFeature[node]) continue;
      const bin = tree.thresholdBin[node]!;
      if (bin >= this.#bins[i]! && !this.#fromRight[i]) sides.right = false;
      if (bin <= this.#bins[i]! && this.#fromRight[i]) sides.left = false;
    }
    return sides;
  }
}
