import { Operation } from '../engine/engine.ts';
import { Child, Found, Job } from '../engine/job.ts';
import type { TreeBuilder } from '../tree/tree-builder.ts';
import { isBetter, type LeafSums, type Split, splitOf } from './split.ts';
import type { TreeLearner } from './tree-learner.ts';

/** A leaf while the tree grows. */
export interface Leaf extends LeafSums {
  readonly number: number;
  /** Its rows are `rows` ones from `begin` on in the row list. */
  readonly begin: number;
  readonly rows: number;
  /** The row list has not been written yet: the rows are 0 .. rows - 1. */
  readonly identity: boolean;
  /** Its histogram's slot, -1 for none. Between split and evaluation the left child holds the parent's. */
  slot: number;
  split: Split | null;
}

/**
 * Builds the histogram of the smaller leaf from its rows, that of the larger by subtraction, and sets the best split of both. A feature
 * that could not be split in the parent is not looked at again.
 */
export function bestSplits(
  learner: TreeLearner,
  treeFeatures: Uint8Array,
  pairsAt: number,
  smaller: Leaf,
  larger: Leaf | null,
  { paths, leafDepth }: TreeBuilder,
): void {
  const { engine, team, slots, columns, rules, special, constraints } = learner;
  const { layout, shared } = engine;
  const { buffer } = shared.memory;
  const count = layout.features.length;
  const active = new Uint8Array(buffer, layout.active, count);
  active.set(treeFeatures);
  const ownFlags = new Uint8Array(buffer, slots.splittable(smaller.slot), count);
  ownFlags.fill(0);
  if (larger) {
    const parentFlags = new Uint8Array(buffer, slots.splittable(larger.slot), count);
    for (let f = 0; f < count; f++) active[f]! &= parentFlags[f]!;
  }
  const job = new Float64Array(buffer, layout.job, Job.size);
  const describe = (at: number, leaf: Leaf, allowedAt: number, onlyAt: number, boundsAt: number) => {
    job[at + Child.gradient] = leaf.gradient;
    job[at + Child.hessian] = leaf.hessian;
    job[at + Child.rows] = leaf.rows;
    job[at + Child.output] = leaf.output;
    job[at + Child.histogram] = slots.histogram(leaf.slot);
    job[at + Child.splittable] = slots.splittable(leaf.slot);
    job[at + Child.allowed] = allowedAt;
    const allowed = new Uint8Array(buffer, allowedAt, count);
    const chosen = columns.nextNode(paths[leaf.number]!);
    allowed.fill(chosen ? 0 : 1);
    if (chosen) for (const used of chosen) allowed[layout.places[used]!] = 1;
    const described = { ...leaf, depth: leafDepth[leaf.number]! };
    return special.describe(job, at, described, active, { onlyAt, boundsAt });
  };
  const { allowedSmaller, allowedLarger, onlySmaller, onlyLarger, boundsSmaller, boundsLarger } = layout;
  const ofSmaller = describe(Job.smaller, smaller, allowedSmaller, onlySmaller, boundsSmaller);
  job[Job.larger + Child.histogram] = 0;
  const ofLarger = larger && describe(Job.larger, larger, allowedLarger, onlyLarger, boundsLarger);
  const rowsAt = smaller.identity ? 0 : layout.rows + smaller.begin * 4;
  team.run(Operation.histograms, rowsAt, smaller.rows, pairsAt);
  const results = new Float64Array(buffer, layout.results, team.size * 2 * Found.size);
  const best = (which: number): Float64Array => {
    let at = which * Found.size;
    for (let rank = 1; rank < team.size; rank++) {
      const other = (2 * rank + which) * Found.size;
      if (isBetter(key(results, other), key(results, at))) at = other;
    }
    return results.subarray(at, at + Found.size);
  };
  const whole = (which: number, leaf: Leaf, left: Uint8Array | null): Split => {
    const [allowedAt, boundsAt] =
      which === 0 ? [allowedSmaller, boundsSmaller] : [allowedLarger, boundsLarger];
    const outputs = new Float64Array(buffer, boundsAt, 2 * count);
    const bounds = constraints && { outputs, monotone: shared.params.monotone_constraints };
    const plain = splitOf(best(which), leaf, rules, bounds);
    if (!left) return plain;
    const own = learner.specialSplit(leaf, left, new Uint8Array(buffer, allowedAt, count));
    return isBetter(own, plain) ? own : plain;
  };
  smaller.split = whole(0, smaller, ofSmaller);
  if (larger) larger.split = whole(1, larger, ofLarger);
}

function key(results: Float64Array, at: number): { gain: number; column: number } {
  return { gain: results[at + Found.gain]!, column: results[at + Found.column]! };
}
