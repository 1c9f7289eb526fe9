import type { TreeBuilder } from '../../tree/tree-builder.ts';
import type { Split } from '../split.ts';
import { Range } from './basic.ts';
import { fixedBounds, type OutputBounds, type SplitBounds } from './bounds.ts';
import type { LeafConstraints } from './leaf-constraints.ts';
import { WayUp } from './neighbours.ts';

/** What `RevisingConstraints` needs of the bounds of a leaf. */
export interface LeafRange {
  copy(): this;
  /** True if the bound may have changed. `revised`: by a leaf in another branch. */
  raiseMin(value: number, revised: boolean): boolean;
  lowerMax(value: number, revised: boolean): boolean;
}

/** A split as it looks from other branches of the tree. */
interface Origin {
  readonly split: Split;
  readonly isOpen: (leaf: number) => boolean;
  readonly changed: number[];
}

/**
 * Bounds that follow outputs: the children of a split by a monotone feature bound each other by their outputs, and after every split below such
 * a split, leaves in other branches that touch the new ones get tighter bounds, so that their best splits are looked for again.
 * LightGBM's `IntermediateLeafConstraints`.
 */
export abstract class RevisingConstraints<R extends LeafRange> implements LeafConstraints {
  readonly revises = true;
  protected readonly monotone: readonly number[];
  protected readonly leaves: R[] = [];
  /** Parent of each node, -1 for the root. */
  protected parents: number[] = [];
  #below: boolean[] = [];
  #tree: TreeBuilder | undefined;

  constructor(monotone: readonly number[]) {
    this.monotone = monotone;
  }

  protected get tree(): TreeBuilder {
    return this.#tree!;
  }

  newTree(tree: TreeBuilder): void {
    this.#tree = tree;
    this.parents = [];
    this.#below = [];
    this.resetLeaves();
  }

  /** Takes all bounds away. */
  protected abstract resetLeaves(): void;

  abstract range(leaf: number): OutputBounds | null;

  abstract of(leaf: number, column: number, numerical: boolean): SplitBounds;

  beforeSplit(leaf: number, right: number, monotone: number): void {
    if (monotone !== 0 || this.#below[leaf]) {
      this.#below[leaf] = true;
      this.#below[right] = true;
    }
    this.parents[right - 1] = this.tree.leafParent[leaf]!;
  }

  afterSplit(
    leaf: number,
    right: number,
    split: Split,
    numerical: boolean,
    isOpen: (leaf: number) => boolean,
  ): readonly number[] {
    if (!this.#below[leaf]) return [];
    const own = this.leaves[leaf]!;
    const other = own.copy();
    this.leaves[right] = other;
    if (numerical && split.monotone !== 0) {
      const [lower, upper] = split.monotone > 0 ? [own, other] : [other, own];
      const outputs = [split.left.output, split.right.output] as const;
      const [low, high] = split.monotone > 0 ? outputs : [outputs[1], outputs[0]];
      lower.lowerMax(high, false);
      upper.raiseMin(low, false);
    }
    const origin: Origin = { split, isOpen, changed: [] };
    this.#goUp(right - 1, origin);
    return origin.changed;
  }

  #goUp(from: number, origin: Origin): void {
    const { tree } = this;
    const way = new WayUp();
    for (
      let node = from, parent = this.parents[node]!;
      parent !== -1;
      node = parent, parent = this.parents[node]!
    ) {
      const column = tree.splitFeature[parent]!;
      const fromRight = tree.rightChild[parent] === node;
      if (!way.reaches(tree.isNumerical(parent), column, fromRight)) continue;
      const monotone = this.monotone[column]!;
      if (monotone !== 0) {
        const fromLeft = tree.leftChild[parent] === node;
        const opposite = fromLeft ? tree.rightChild[parent]! : tree.leftChild[parent]!;
        const ofMax = monotone < 0 ? fromLeft : !fromLeft;
        this.#goDown(opposite, way, ofMax, origin, true, true);
      }
      way.pass(column, tree.thresholdBin[parent]!, fromRight);
    }
  }

  /** `useLeft`, `useRight`: which of the new leaves could touch what lies below `node`. */
  #goDown(
    node: number,
    way: WayUp,
    ofMax: boolean,
    origin: Origin,
    useLeft: boolean,
    useRight: boolean,
  ): void {
    const { split } = origin;
    if (node < 0) {
      const leaf = ~node;
      if (!origin.isOpen(leaf)) return;
      const outputs =
        useLeft && useRight
          ? [split.left.output, split.right.output]
          : [useRight ? split.right.output : split.left.output];
      const range = this.leaves[leaf]!;
      const changed = ofMax
        ? range.lowerMax(Math.min(...outputs), true)
        : range.raiseMin(Math.max(...outputs), true);
      if (changed) origin.changed.push(leaf);
      return;
    }
    const { tree } = this;
    const sides = way.touches(tree, node);
    const same = tree.isNumerical(node) && tree.splitFeature[node] === split.column;
    const bin = tree.thresholdBin[node]!;
    const leftMeetsRight = !(same && bin <= split.threshold);
    const rightMeetsLeft = !(same && bin >= split.threshold);
    if (sides.left)
      this.#goDown(tree.leftChild[node]!, way, ofMax, origin, useLeft, leftMeetsRight && useRight);
    if (sides.right)
      this.#goDown(tree.rightChild[node]!, way, ofMax, origin, rightMeetsLeft && useLeft, useRight);
  }
}

/** The method `intermediate`: bounds of a leaf are the same for all its splits. */
export class IntermediateConstraints extends RevisingConstraints<Range> {
  protected override resetLeaves(): void {
    // like LightGBM, all leaves start free: those outside monotone branches never copy bounds
    this.leaves.length = 0;
    for (let leaf = 0; leaf < this.tree.leafDepth.length; leaf++) this.leaves.push(new Range());
  }

  override range(leaf: number): OutputBounds {
    return this.leaves[leaf]!;
  }

  override of(leaf: number, column: number, numerical: boolean): SplitBounds {
    return fixedBounds(this.leaves[leaf]!, numerical ? this.monotone[column]! : 0);
  }
}
