import { missingNaN } from '../gbdt/constants.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { TreeBuilder } from '../gbdt/tree/tree-builder.ts';
import type { HistogramTeam } from '../hist/histogram-team.ts';
import type { Candidate } from './candidates.ts';
import { evaluateCandidates } from './evaluate.ts';
import type { CatParams } from './params.ts';
import type { CatRandom } from './random.ts';
import { redundantSplit } from './redundant-split.ts';
import { type ScoredSplit, type ScoreRules, scoreUnsplit } from './score-splits.ts';

/** A leaf while the tree grows: of its rows in the row list, those from `begin` to `middle` are drawn, the others, to `end`, only get its value. */
export interface Leaf {
  readonly number: number;
  readonly depth: number;
  readonly begin: number;
  readonly middle: number;
  readonly end: number;
  /** Its histogram; -1: none. */
  slot: number;
  split: (ScoredSplit & { readonly gain: number }) | null;
}

export interface GrownTree {
  /** With leaf values 0. */
  readonly tree: Tree;
  readonly leaves: readonly Leaf[];
}

const leastGain = 1e-9;

/**
 * Grows trees on the pairs (gradient, weight) of the team: symmetric ones, in which all leaves of a level are split alike, level by level or best leaf
 * first. Draws in CatBoost's order. Source: catboost private/libs/algo/greedy_tensor_search.cpp.
 */
export class CatGrower {
  readonly #team: HistogramTeam;
  readonly #params: CatParams;
  readonly #borders: readonly Float32Array[];
  readonly #candidates: readonly Candidate[];
  readonly #random: CatRandom;
  #free: number[] = [];
  #slots = 0;
  #rules: ScoreRules = { cosine: true, l2: 0, noise: 0 };

  constructor(
    team: HistogramTeam,
    params: CatParams,
    borders: readonly Float32Array[],
    candidates: readonly Candidate[],
    random: CatRandom,
  ) {
    this.#team = team;
    this.#params = params;
    this.#borders = borders;
    this.#candidates = candidates;
    this.#random = random;
  }

  /** The row list holds the drawn rows up to `drawn`, then the others. `noise`: standard deviation of the scores' noise; `l2`: added to a leaf's weight. */
  grow(drawn: number, noise: number, l2: number): GrownTree {
    const { length } = this.#team.engine.shared.spec;
    this.#rules = { cosine: this.#params.score_function === 'Cosine', l2, noise };
    this.#free = [];
    this.#slots = 0;
    const root: Leaf = { number: 0, depth: 0, begin: 0, middle: drawn, end: length, slot: -1, split: null };
    root.slot = this.#takeSlot();
    this.#team.build(root.slot, 0, drawn);
    switch (this.#params.grow_policy) {
      case 'SymmetricTree':
        return this.#growSymmetric(root);
      case 'Depthwise':
        return this.#growLevels(root);
      case 'Lossguide':
        return this.#growLeaves(root);
    }
  }

  #growSymmetric(root: Leaf): GrownTree {
    const { depth } = this.#params;
    const builder = new TreeBuilder(2 ** depth, 0);
    let leaves = [root];
    const splits: ScoredSplit[] = [];
    while (splits.length < depth) {
      const split = this.#best(leaves, this.#select());
      if (!split) break;
      splits.push(split);
      const goesOn = splits.length < depth;
      const pairs = leaves.map((leaf) => this.#split(builder, leaf, split, goesOn));
      leaves = [...pairs.map((pair) => pair[0]), ...pairs.map((pair) => pair[1])];
      const redundant = redundantSplit(leaves.map(({ begin, end }) => begin === end));
      if (redundant < 0) continue;
      splits.splice(redundant, 1);
      return this.#regrow(root, splits);
    }
    return { tree: builder.build(), leaves };
  }

  /** The symmetric tree of these splits. */
  #regrow(root: Leaf, splits: readonly ScoredSplit[]): GrownTree {
    const builder = new TreeBuilder(2 ** splits.length, 0);
    let leaves = [root];
    for (const split of splits) {
      const pairs = leaves.map((leaf) => this.#split(builder, leaf, split, false));
      leaves = [...pairs.map((pair) => pair[0]), ...pairs.map((pair) => pair[1])];
    }
    return { tree: builder.build(), leaves };
  }

  #growLevels(root: Leaf): GrownTree {
    const { depth } = this.#params;
    const builder = new TreeBuilder(2 ** depth, 0);
    const leaves = [root];
    let level = [root];
    for (let d = 0; d < depth; d++) {
      const candidates = this.#select();
      const next: Leaf[] = [];
      for (let i = 0; i < level.length; i += 2) this.#search(level.slice(i, i + 2), candidates);
      for (const leaf of level) {
        if (!leaf.split) continue;
        const [left, right] = this.#split(builder, leaf, leaf.split, d + 1 < depth);
        leaves[left.number] = left;
        leaves.push(right);
        next.push(left, right);
      }
      level = next;
    }
    return { tree: builder.build(), leaves };
  }

  #growLeaves(root: Leaf): GrownTree {
    const { depth, max_leaves } = this.#params;
    const builder = new TreeBuilder(max_leaves, 0);
    const leaves = [root];
    this.#search([root], this.#select());
    while (leaves.length < max_leaves) {
      let best: Leaf | null = null;
      for (const leaf of leaves) if (leaf.split && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf;
      if (!best?.split) break;
      const [left, right] = this.#split(builder, best, best.split, best.depth + 1 < depth);
      leaves[left.number] = left;
      leaves.push(right);
      if (left.depth < depth && [left, right].some((leaf) => this.#isLarge(leaf)))
        this.#search([left, right], this.#select());
    }
    return { tree: builder.build(), leaves };
  }

  #isLarge(leaf: Leaf): boolean {
    return drawnRows(leaf) >= this.#params.min_data_in_leaf;
  }

  /** Finds the splits of one leaf, or of two siblings: CatBoost looks at the one of fewer rows first where it gets the other's histogram from it. */
  #search(leaves: readonly Leaf[], candidates: readonly Candidate[]): void {
    const large = leaves.filter((leaf) => this.#isLarge(leaf));
    if (this.#params.rsm === 1) large.sort((a, b) => drawnRows(a) - drawnRows(b));
    for (const leaf of large) leaf.split = this.#gaining(leaf, candidates);
    for (const leaf of leaves) if (!leaf.split && leaf.slot >= 0) this.#free.push(leaf.slot);
  }

  /** Candidates that take part, `rsm` of their features on average. */
  #select(): readonly Candidate[] {
    const rsm = Math.fround(this.#params.rsm);
    return this.#candidates
      .map((features) => features.filter(() => this.#random.uniform() <= rsm))
      .filter((features) => features.length > 0);
  }

  /** The best split of one leaf, if it gains anything. */
  #gaining(leaf: Leaf, candidates: readonly Candidate[]): Leaf['split'] {
    const split = this.#best([leaf], candidates);
    if (!split) return null;
    const own = this.#team.engine.histogram(leaf.slot, this.#candidates[0]![0]!);
    const gain = split.noisy - scoreUnsplit(own, own.length / 2, this.#rules);
    return gain >= leastGain ? { ...split, gain } : null;
  }

  /** The best split of all of `leaves` alike. */
  #best(
    leaves: readonly Leaf[],
    candidates: readonly Candidate[],
  ): (ScoredSplit & { readonly noisy: number }) | null {
    const seed = this.#random.bits();
    const slots = leaves.filter((leaf) => drawnRows(leaf) > 0).map(({ slot }) => slot);
    const found = evaluateCandidates(
      this.#team,
      candidates,
      slots,
      seed,
      this.#rules,
      mostLeaves(this.#params),
    );
    let best: ScoredSplit | null = null;
    let most = Number.NEGATIVE_INFINITY;
    for (const split of found) {
      if (!split) continue;
      const noisy = split.score + this.#random.normal() * this.#rules.noise;
      if (!(noisy > most)) continue;
      most = noisy;
      best = split;
    }
    return best && { ...best, noisy: most };
  }

  /** Splits a leaf; with `goesOn` both children get histograms: that of fewer rows is built, the other is what the parent's leaves. */
  #split(builder: TreeBuilder, leaf: Leaf, { feature, bin }: ScoredSplit, goesOn: boolean): [Leaf, Leaf] {
    const { engine } = this.#team;
    const { begin, middle, end } = leaf;
    const missing = { bin: -1, left: false };
    const drawn = engine.part(feature, bin, missing, { from: begin, to: middle, left: begin, right: 0 });
    const drawnRight = middle - begin - drawn;
    const drawnLeft = begin + drawn;
    const rest = { from: middle, to: end, left: drawnLeft, right: drawnRight };
    const at = drawnLeft + engine.part(feature, bin, missing, rest);
    engine.takeSpare(at, end - at);
    const number = builder.split(leaf.number, {
      feature,
      threshold: this.#borders[feature]![bin]!,
      missing: missingNaN,
      defaultLeft: true,
      gain: 0,
      leftValue: 0,
      rightValue: 0,
      leftWeight: at - leaf.begin,
      rightWeight: leaf.end - at,
      leftCount: at - leaf.begin,
      rightCount: leaf.end - at,
    });
    const depth = leaf.depth + 1;
    const left: Leaf = { ...leaf, depth, middle: drawnLeft, end: at, slot: -1, split: null };
    const right: Leaf = { ...leaf, number, depth, begin: at, middle: at + drawnRight, slot: -1, split: null };
    if (goesOn) this.#buildHistograms(leaf.slot, left, right);
    else if (leaf.slot >= 0) this.#free.push(leaf.slot);
    return [left, right];
  }

  #buildHistograms(parent: number, left: Leaf, right: Leaf): void {
    const [small, large] =
      left.middle - left.begin < right.middle - right.begin ? [left, right] : [right, left];
    small.slot = this.#takeSlot();
    large.slot = parent;
    this.#team.build(small.slot, small.begin, small.middle, parent);
  }

  #takeSlot(): number {
    return this.#free.pop() ?? this.#slots++;
  }
}

function drawnRows({ begin, middle }: Leaf): number {
  return middle - begin;
}

/** How many leaves a tree may have. */
export function mostLeaves({ grow_policy, max_leaves, depth }: CatParams): number {
  return grow_policy === 'Lossguide' ? max_leaves : 2 ** depth;
}
