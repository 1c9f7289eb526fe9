import type { SplitBounds } from './bounds.ts';
import { type LeafRange, RevisingConstraints } from './intermediate.ts';
import { WayUp } from './neighbours.ts';
import { Steps } from './steps.ts';

/** Bounds of one leaf's splits by one column. LightGBM's `AdvancedFeatureConstraints`. */
class ColumnBounds {
  min = new Steps(true);
  max = new Steps(false);
  minIsStale = false;
  maxIsStale = false;

  copy(): ColumnBounds {
    const copy = new ColumnBounds();
    copy.min = this.min.copy();
    copy.max = this.max.copy();
    copy.minIsStale = this.minIsStale;
    copy.maxIsStale = this.maxIsStale;
    return copy;
  }

  /** Bounds of a scan, whose places among the steps only move to the left. */
  scan(monotone: number): SplitBounds {
    const { min, max } = this;
    const low = min.running();
    const high = max.running();
    const at = { lowLeft: 0, lowRight: 0, highLeft: 0, highRight: 0 };
    const back = (steps: Steps, place: number, bin: number) => {
      while (steps.starts[place]! > bin) place--;
      return place;
    };
    const single = min.values.length === 1 && max.values.length === 1;
    return {
      monotone,
      fixed: single ? { min: min.values[0]!, max: max.values[0]! } : null,
      begin(fromRight) {
        at.lowLeft = at.lowRight = fromRight ? min.starts.length - 1 : 0;
        at.highLeft = at.highRight = fromRight ? max.starts.length - 1 : 0;
      },
      move(bin) {
        at.lowLeft = back(min, at.lowLeft, bin - 1);
        at.lowRight = back(min, at.lowRight, bin);
        at.highLeft = back(max, at.highLeft, bin - 1);
        at.highRight = back(max, at.highRight, bin);
      },
      left: () => ({ min: low.upTo[at.lowLeft]!, max: high.upTo[at.highLeft]! }),
      right: () => ({ min: low.from[at.lowRight]!, max: high.from[at.highRight]! }),
    };
  }
}

/** Bounds of one leaf. */
class LeafBounds implements LeafRange {
  readonly columns: ColumnBounds[];

  constructor(columns: ColumnBounds[]) {
    this.columns = columns;
  }

  copy(): this {
    return new LeafBounds(this.columns.map((c) => c.copy())) as this;
  }

  reset(): void {
    for (const { min, max } of this.columns) {
      min.reset();
      max.reset();
    }
  }

  raiseMin(value: number, revised: boolean): boolean {
    for (const column of this.columns) {
      column.min.tighten(value);
      if (revised) column.minIsStale = true;
    }
    return true;
  }

  lowerMax(value: number, revised: boolean): boolean {
    for (const column of this.columns) {
      column.max.tighten(value);
      if (revised) column.maxIsStale = true;
    }
    return true;
  }
}

/** What is looked for from one leaf: lower or upper bounds of its splits by `column`. */
interface Search {
  readonly column: number;
  readonly bins: number;
  readonly steps: Steps;
  readonly lower: boolean;
  readonly way: WayUp;
}

/**
 * The method `advanced`: bounds depend on the threshold, so that only leaves which touch a side bound it. They are looked for again, when a
 * leaf in another branch has changed, only for columns whose splits are asked for. LightGBM's `AdvancedLeafConstraints`.
 */
export class AdvancedConstraints extends RevisingConstraints<LeafBounds> {
  readonly #bins: readonly number[];

  /** `bins`: of each column. */
  constructor(monotone: readonly number[], bins: readonly number[]) {
    super(monotone);
    this.#bins = bins;
  }

  protected override resetLeaves(): void {
    for (let leaf = 0; leaf < this.tree.leafDepth.length; leaf++) {
      this.leaves[leaf] ??= new LeafBounds(this.#bins.map(() => new ColumnBounds()));
      // what is stale stays so, as in LightGBM
      this.leaves[leaf]!.reset();
    }
  }

  override range(): null {
    return null;
  }

  override of(leaf: number, column: number, numerical: boolean): SplitBounds {
    const bounds = this.leaves[leaf]!.columns[column]!;
    if (numerical && (bounds.minIsStale || bounds.maxIsStale)) {
      const lower = bounds.minIsStale;
      const steps = lower ? bounds.min : bounds.max;
      steps.reset();
      const bins = this.#bins[column]!;
      this.#lookUp(leaf, { column, bins, steps, lower, way: new WayUp() });
      bounds.minIsStale = false;
      bounds.maxIsStale = false;
    }
    return bounds.scan(numerical ? this.monotone[column]! : 0);
  }

  /** LightGBM's `GoUpToFindConstrainingLeaves`. */
  #lookUp(leaf: number, search: Search): void {
    const { tree } = this;
    let from = 0;
    let to = search.bins;
    let node = ~leaf;
    for (let parent = tree.leafParent[leaf]!; parent !== -1; ) {
      const column = tree.splitFeature[parent]!;
      const numerical = tree.isNumerical(parent);
      const bin = tree.thresholdBin[parent]!;
      const fromRight = tree.rightChild[parent] === node;
      if (column === search.column && numerical) {
        if (fromRight) from = Math.max(bin, from);
        else to = Math.min(bin + 1, to);
      }
      if (search.way.reaches(numerical, column, fromRight)) {
        const monotone = this.monotone[column]!;
        const fromLeft = tree.leftChild[parent] === node;
        if (monotone !== 0 && (monotone < 0 ? fromLeft : !fromLeft) === search.lower)
          this.#lookDown(
            (fromLeft ? tree.rightChild : tree.leftChild)[parent]!,
            search,
            column === search.column,
            from,
            to,
          );
        search.way.pass(column, bin, fromRight);
      }
      if (parent === 0) return;
      node = parent;
      parent = this.parents[parent]!;
    }
  }

  /** LightGBM's `GoDownToFindConstrainingLeaves`. `ofOwn`: the branch begins with a split by the column searched for. */
  #lookDown(node: number, search: Search, ofOwn: boolean, from: number, to: number): void {
    const { tree } = this;
    if (node < 0) {
      search.steps.tightenPart(tree.leafValue[~node]!, from, to, search.bins);
      return;
    }
    const sides = search.way.touches(tree, node);
    const own = tree.splitFeature[node] === search.column;
    const monotone = own && !ofOwn ? 0 : this.monotone[tree.splitFeature[node]!]!;
    // where the other child bounds more tightly, there is no need to look
    const leftCounts = monotone === 0 || (monotone < 0 ? search.lower : !search.lower);
    const rightCounts = monotone === 0 || !leftCounts;
    const bin = tree.thresholdBin[node]!;
    if (sides.left && (leftCounts || !sides.right))
      this.#lookDown(tree.leftChild[node]!, search, ofOwn, from, own ? Math.min(bin + 1, to) : to);
    if (sides.right && (rightCounts || !sides.left))
      this.#lookDown(tree.rightChild[node]!, search, ofOwn, own ? Math.max(bin + 1, from) : from, to);
  }
}
