import { epsilon } from '../constants.ts';
import { type Engine, Operation } from '../engine/engine.ts';
import { Feature, Job } from '../engine/job.ts';
import { fillGoes } from '../engine/partition.ts';
import type { ScanRules } from '../engine/reference/find-split.ts';
import { SlotPool } from '../engine/slots.ts';
import type { Team } from '../engine/team.ts';
import type { Tree } from '../tree/tree.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';
import { bestSplits, type Leaf } from './best-splits.ts';
import { ColumnSampler } from './column-sampler.ts';
import { type ForcedSplit, forcedColumns, forcedSplit, readForcedSplits } from './forced-splits.ts';
import { parseInteractions } from './interactions.ts';
import { type LeafRules, leafOutput } from './leaf-output.ts';
import type { LeafConstraints } from './monotone/leaf-constraints.ts';
import { makeConstraints } from './monotone/make.ts';
import { partitionCategories } from './partition-categories.ts';
import { SpecialSplits } from './special-splits.ts';
import { isBetter, type Split } from './split.ts';

/** Grows trees leaf by leaf: always the leaf whose split gains most. LightGBM's SerialTreeLearner. */
export class TreeLearner {
  readonly engine: Engine;
  readonly team: Team;
  readonly rules: LeafRules;
  readonly slots: SlotPool;
  readonly columns: ColumnSampler;
  readonly constraints: LeafConstraints | null;
  readonly special: SpecialSplits;
  readonly #forced: ForcedSplit | null;
  #tree: TreeBuilder | undefined;
  /** Output of the smaller leaf of the last split, also over trees. */
  #lastOutput = 0;

  constructor(engine: Engine, team: Team) {
    const { params } = engine.shared;
    this.engine = engine;
    this.team = team;
    this.rules = {
      lambdaL1: params.lambda_l1,
      lambdaL2: params.lambda_l2,
      maxDeltaStep: params.max_delta_step,
      pathSmooth: params.path_smooth,
    };
    this.slots = new SlotPool(engine);
    const columns = engine.layout.features.map(({ column }) => column).sort((a, b) => a - b);
    const all = engine.shared.train.columns.length;
    this.columns = new ColumnSampler(columns, params, parseInteractions(params.interaction_constraints, all));
    const bins = engine.shared.train.columns.map((_, column) => engine.mappers.read(column).bins);
    this.constraints = makeConstraints(params, bins);
    this.special = new SpecialSplits(this);
    this.#forced = readForcedSplits(params.forcedsplits_filename, all);
    this.#writeFeatures();
  }

  /**
   * A tree from the pairs of tree `k` of the iteration. Rows: the first `sampled` of the row list, or all rows where null. Leaf ranges
   * are left in `shared.leafRanges`.
   */
  grow(k: number, sampled: number | null): Tree {
    const { engine, rules } = this;
    const { params, train, leafRanges } = engine.shared;
    const pairsAt = engine.layout.pairs + k * train.length * 8;
    const active = this.#newTree();
    const rows = sampled ?? train.length;
    const sums = this.#rootSums(pairsAt, sampled);
    const output = leafOutput({ ...rules, pathSmooth: 0 }, sums.gradient, sums.hessian, rows, 0);
    const builder = new TreeBuilder(params.num_leaves, output);
    const root: Leaf = {
      number: 0,
      begin: 0,
      rows,
      identity: sampled === null,
      ...sums,
      output,
      slot: -1,
      split: null,
    };
    this.#tree = builder;
    this.constraints?.newTree(builder);
    this.special.costs?.newTree();
    const leaves: Leaf[] = [root];
    const divide = (leaf: Leaf, split: Split, nextFeatures: Uint8Array): [Leaf, Leaf] => {
      this.special.costs?.use(leaf.number, split, leaves);
      const [left, right] = this.#split(builder, leaf, split);
      leaves[left.number] = left;
      leaves.push(right);
      this.#revise(leaves, left, right, split, active);
      if (builder.numLeaves < params.num_leaves) this.#evaluate(builder, nextFeatures, pairsAt, left, right);
      return [left, right];
    };
    const withForced = this.#withForced(active);
    this.#evaluate(builder, withForced, pairsAt, root, null);
    this.#forceSplits(root, (leaf, split, more) => divide(leaves[leaf]!, split, more ? withForced : active));
    while (builder.numLeaves < params.num_leaves) {
      let best = leaves[0]!;
      for (const leaf of leaves) if (isBetter(gainOf(leaf), gainOf(best))) best = leaf;
      if (!(gainOf(best).gain > 0)) break;
      divide(best, best.split!, active);
    }
    for (const { number, begin, rows: count, slot } of leaves) {
      leafRanges[2 * number] = begin;
      leafRanges[2 * number + 1] = count;
      if (slot >= 0) this.slots.release(slot);
    }
    return builder.build();
  }

  /** Finds the best splits of two new leaves, or of the root. Leaves that can't be split further get none. */
  #evaluate(builder: TreeBuilder, active: Uint8Array, pairsAt: number, left: Leaf, right: Leaf | null): void {
    const { max_depth, min_data_in_leaf } = this.engine.shared.params;
    const parentSlot = left.slot;
    const levels = max_depth > 0 ? max_depth - builder.leafDepth[left.number]! : Number.POSITIVE_INFINITY;
    const tooDeep = levels <= 0;
    const tooFew = (leaf: Leaf | null) => !leaf || leaf.rows < min_data_in_leaf * 2;
    if (tooDeep || (tooFew(left) && tooFew(right))) {
      if (parentSlot >= 0) this.slots.release(parentSlot);
      left.slot = -1;
      return;
    }
    const [smaller, larger] = right && !(left.rows < right.rows) ? [right, left] : [left, right];
    smaller.slot = this.slots.take();
    if (larger) larger.slot = parentSlot;
    bestSplits(this, active, pairsAt, smaller, larger, builder);
    // children of the last level are not evaluated
    const isLast = levels === 1;
    for (const leaf of [smaller, larger]) {
      if (!leaf || (gainOf(leaf).gain > 0 && !isLast) || this.#keepsHistograms) continue;
      this.slots.release(leaf.slot);
      leaf.slot = -1;
    }
  }

  /** Splits a leaf's rows and the tree; returns both children, the left one in the leaf's place. */
  #split(builder: TreeBuilder, leaf: Leaf, split: Split): [Leaf, Leaf] {
    const { engine } = this;
    const { params } = engine.shared;
    const { mapper } = engine.layout.features[split.feature]!;
    const categories = split.categories?.map((bin) => mapper.categories[bin]!) ?? null;
    this.constraints?.beforeSplit(leaf.number, builder.numLeaves, split.monotone);
    const byBins = engine.layout.features[split.feature]!.columnAt !== 0;
    const leftRows =
      categories && !byBins
        ? partitionCategories(engine, leaf, split.column, categories)
        : this.#partition(leaf, split);
    const rightRows = leaf.rows - leftRows;
    if (leftRows === 0 || rightRows === 0)
      throw new Error(
        `a split of ${leaf.rows} rows left ${leftRows} and ${rightRows} (column ${split.column})`,
      );
    this.#lastOutput = leftRows < rightRows ? split.left.output : split.right.output;
    const right = builder.split(leaf.number, {
      feature: split.column,
      threshold: mapper.upperBounds[split.threshold] ?? 0,
      thresholdBin: split.threshold,
      categories,
      missing: mapper.missing,
      defaultLeft: split.defaultLeft,
      gain: split.gain + params.min_gain_to_split,
      leftValue: split.left.output,
      rightValue: split.right.output,
      leftWeight: split.left.hessian,
      rightWeight: split.right.hessian,
      leftCount: leftRows,
      rightCount: rightRows,
    });
    const both = { identity: false, split: null };
    return [
      { ...both, ...split.left, number: leaf.number, begin: leaf.begin, rows: leftRows, slot: leaf.slot },
      { ...both, ...split.right, number: right, begin: leaf.begin + leftRows, rows: rightRows, slot: -1 },
    ];
  }

  /** Parts the rows of a leaf by a number, or by the bins of categories; returns how many go left. */
  #partition(leaf: Leaf, { feature, threshold, defaultLeft, categories }: Split): number {
    if (categories) fillGoes(this.engine, categories);
    const { partCounts } = this.engine.shared;
    const { begin, rows, identity } = leaf;
    partCounts.fill(0);
    const args = [begin, rows, Number(identity), feature, categories ? -1 : threshold, Number(defaultLeft)];
    this.#share(rows, Operation.partition, args);
    this.#share(rows, Operation.copyParts, [begin, rows]);
    return partCounts.reduce((a, b) => a + b);
  }

  /** The best split of a leaf by features that the kernels have not looked at. */
  specialSplit(leaf: Leaf, searched: Uint8Array, allowed: Uint8Array): Split {
    return this.special.best(
      {
        ...leaf,
        depth: this.#tree!.leafDepth[leaf.number]!,
        histogram: this.slots.histogram(leaf.slot),
        splittable: this.slots.splittable(leaf.slot),
      },
      searched,
      allowed,
    );
  }

  /** Histograms of leaves without a good split may be needed again. */
  get #keepsHistograms(): boolean {
    return (
      this.constraints?.revises === true || this.special.costs?.coupled === true || this.#forced !== null
    );
  }

  /** Makes the splits that must be, breadth first, until one gains nothing. LightGBM `ForceSplits`. */
  #forceSplits(root: Leaf, divide: (leaf: number, split: Split, more: boolean) => [Leaf, Leaf]): void {
    if (!this.#forced) return;
    const mostLeaves = this.engine.shared.params.num_leaves;
    const found = new Map<number, Split>();
    const queue = [{ wanted: this.#forced, leaf: 0 }];
    const search = (wanted: ForcedSplit, leaf: Leaf, parentOutput: number) => {
      const split = this.#forcedSplit(wanted, leaf, parentOutput);
      if (split) found.set(leaf.number, split);
      else found.delete(leaf.number);
    };
    // the root's output is what LightGBM has left there
    search(this.#forced, root, this.#lastOutput);
    for (let next = queue.shift(); next && this.#tree!.numLeaves < mostLeaves; next = queue.shift()) {
      const split = found.get(next.leaf);
      if (!split) return;
      const { left, right } = next.wanted;
      const more = queue.length > 0 || left !== null || right !== null;
      const [leftLeaf, rightLeaf] = divide(next.leaf, split, more);
      for (const [wanted, leaf] of [
        [left, leftLeaf],
        [right, rightLeaf],
      ] as const) {
        if (!wanted) continue;
        queue.push({ wanted, leaf: leaf.number });
        search(wanted, leaf, leaf.output);
      }
    }
  }

  #forcedSplit({ feature, threshold }: ForcedSplit, leaf: Leaf, parentOutput: number): Split | null {
    const { layout, shared } = this.engine;
    const { buffer } = shared.memory;
    const place = layout.features.findIndex(({ column }) => column === feature);
    const known = place >= 0 && leaf.slot >= 0 && new Uint8Array(buffer, layout.active)[place] === 1;
    if (!known) return null;
    const used = layout.features[place]!;
    const at = this.slots.histogram(leaf.slot) + used.start * 16;
    const histogram = new Float64Array(buffer, at, 2 * used.mapper.bins);
    return forcedSplit(histogram, used, place, threshold, leaf, parentOutput, this.#scanRules());
  }

  #scanRules(): ScanRules {
    const { params } = this.engine.shared;
    return {
      ...this.rules,
      minGain: params.min_gain_to_split,
      minRows: params.min_data_in_leaf,
      minHessian: params.min_sum_hessian_in_leaf,
    };
  }

  /** Features of a tree and those of forced splits. */
  #withForced(active: Uint8Array): Uint8Array {
    if (!this.#forced) return active;
    const forced = forcedColumns(this.#forced);
    const { features } = this.engine.layout;
    return active.map((on, f) => (forced.includes(features[f]!.column) ? 1 : on));
  }

  /** Looks again for the best splits of leaves whose bounds a split has changed. LightGBM `RecomputeBestSplitForLeaf`. */
  #revise(leaves: Leaf[], left: Leaf, right: Leaf, split: Split, treeFeatures: Uint8Array): void {
    const { layout, shared } = this.engine;
    const changed = this.constraints?.afterSplit(
      left.number,
      right.number,
      split,
      split.categories === null,
      (leaf) => gainOf(leaves[leaf]!).gain > Number.NEGATIVE_INFINITY,
    );
    for (const number of changed ?? []) {
      const leaf = leaves[number]!;
      const before = leaf.split!;
      const gradient = before.left.gradient + before.right.gradient;
      const hessian = before.left.hessian + before.right.hessian;
      const unsmoothed = { ...this.rules, pathSmooth: 0 };
      const output =
        this.rules.pathSmooth > epsilon ? leafOutput(unsmoothed, gradient, hessian, leaf.rows, 0) : 0;
      const allowed = new Uint8Array(layout.features.length).fill(1);
      const chosen = this.columns.nextNode(this.#tree!.paths[number]!);
      if (chosen) {
        allowed.fill(0);
        for (const used of chosen) allowed[layout.places[used]!] = 1;
      }
      const flags = new Uint8Array(shared.memory.buffer, this.slots.splittable(leaf.slot), allowed.length);
      const active = treeFeatures.map((on, f) => on & flags[f]!);
      leaf.split = this.specialSplit({ ...leaf, gradient, hessian, output }, active, allowed);
    }
  }

  /** Runs an operation on the team, or alone where sharing does not pay. */
  #share(rows: number, operation: number, args: number[]): void {
    const { team, engine } = this;
    if (rows < 32_768) engine.execute(operation, Float64Array.from(args), 0, 1);
    else team.run(operation, ...args);
  }

  #rootSums(pairsAt: number, sampled: number | null) {
    const { train, memory } = this.engine.shared;
    const pairs = new Float32Array(memory.buffer, pairsAt, 2 * train.length);
    let gradient = 0;
    let hessian = 0;
    if (sampled === null) {
      for (let i = 0; i < pairs.length; i += 2) {
        gradient += pairs[i]!;
        hessian += pairs[i + 1]!;
      }
      return { gradient, hessian };
    }
    const rows = new Uint32Array(memory.buffer, this.engine.layout.rows, sampled);
    for (const row of rows) {
      gradient += pairs[2 * row]!;
      hessian += pairs[2 * row + 1]!;
    }
    return { gradient, hessian };
  }

  /** Features of a new tree as flags. */
  #newTree(): Uint8Array {
    const flags = new Uint8Array(this.engine.layout.features.length);
    const { places } = this.engine.layout;
    for (const used of this.columns.nextTree()) flags[places[used]!] = 1;
    return flags;
  }

  /** Writes what kernels need of the features and rules. */
  #writeFeatures(): void {
    const { layout, shared } = this.engine;
    const { buffer } = shared.memory;
    const { params } = shared;
    for (const [f, { column, mapper, start }] of layout.features.entries()) {
      const at = layout.featureTable + f * Feature.size * 4;
      new Int32Array(buffer, at, Feature.penalty).set([
        mapper.bins,
        mapper.mostFrequentBin,
        mapper.defaultBin,
        mapper.missing,
        column,
        start,
      ]);
      new Int32Array(buffer, at)[Feature.plain] = this.special.features[f] ? 0 : 1;
      new Int32Array(buffer, at)[Feature.monotone] = params.monotone_constraints[column] ?? 0;
      new Float64Array(buffer, at + Feature.penalty * 4, 1)[0] = params.feature_contri[column] ?? 1;
    }
    const job = new Float64Array(buffer, layout.job, Job.size);
    job[Job.lambdaL1] = params.lambda_l1;
    job[Job.lambdaL2] = params.lambda_l2;
    job[Job.maxDeltaStep] = params.max_delta_step;
    job[Job.pathSmooth] = params.path_smooth;
    job[Job.minGain] = params.min_gain_to_split;
    job[Job.minRows] = params.min_data_in_leaf;
    job[Job.minHessian] = params.min_sum_hessian_in_leaf;
    job[Job.features] = layout.featureTable;
    job[Job.active] = layout.active;
  }
}

function gainOf({ split }: Leaf): { gain: number; column: number } {
  return split ?? { gain: Number.NEGATIVE_INFINITY, column: -1 };
}
