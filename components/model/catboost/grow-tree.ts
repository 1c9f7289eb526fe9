import { missingNaN } from '../gbdt/constants.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { TreeBuilder } from '../gbdt/tree/tree-builder.ts';
import type { HistogramTeam } from '../hist/histogram-team.ts';
import type { CatChance } from './chance.ts';
import type { CatParams } from './params.ts';
import { SplitScore } from './score.ts';

/** A leaf while the tree grows: its rows lie from `begin` to `end` in the row list. */
interface Leaf {
  readonly number: number;
  readonly depth: number;
  readonly begin: number;
  readonly end: number;
  slot: number;
  split: Found | null;
}

interface Found {
  readonly feature: number;
  /** Rows of bins up to this one go left. */
  readonly bin: number;
  readonly gain: number;
}

export interface GrownTree {
  /** With leaf values 0. */
  readonly tree: Tree;
  /** Begin and end of each leaf's rows. */
  readonly leaves: readonly { readonly begin: number; readonly end: number }[];
}

const leastGain = 1e-9;

/**
 * Grows trees on the pairs (gradient, weight) of the team: symmetric ones, in which all leaves of a level are split alike, or leaf by leaf.
 * Candidates compete with normal noise on their scores. Source: catboost/private/libs/algo/greedy_tensor_search.cpp.
 */
export class CatGrower {
  readonly #team: HistogramTeam;
  readonly #params: CatParams;
  readonly #borders: readonly Float32Array[];
  readonly #chance: CatChance;
  readonly #spare: Uint32Array;
  #free: number[] = [];
  #slots = 0;
  #noise = 0;
  #l2 = 0;

  constructor(team: HistogramTeam, params: CatParams, borders: readonly Float32Array[], chance: CatChance) {
    this.#team = team;
    this.#params = params;
    this.#borders = borders;
    this.#chance = chance;
    this.#spare = new Uint32Array(team.shared.data.length);
  }

  /** `noise`: standard deviation of the scores' noise; `l2`: what is added to a leaf's weight. */
  grow(noise: number, l2: number): GrownTree {
    const { rows, data } = this.#team.shared;
    for (let i = 0; i < data.length; i++) rows[i] = i;
    this.#noise = noise;
    this.#l2 = l2;
    this.#free = [];
    this.#slots = 0;
    const symmetric = this.#params.grow_policy === 'SymmetricTree';
    const most = this.#params.grow_policy === 'Lossguide' ? this.#params.max_leaves : 2 ** this.#params.depth;
    const builder = new TreeBuilder(most, 0);
    const root: Leaf = {
      number: 0,
      depth: 0,
      begin: 0,
      end: data.length,
      slot: this.#takeSlot(),
      split: null,
    };
    this.#team.build(root.slot, 0, data.length);
    const leaves = symmetric ? this.#growLevels(builder, root) : this.#growLeaves(builder, root, most);
    return { tree: builder.build(), leaves };
  }

  #growLevels(builder: TreeBuilder, root: Leaf): Leaf[] {
    let leaves = [root];
    for (let depth = 0; depth < this.#params.depth; depth++) {
      const split = this.#best(leaves);
      if (!split) break;
      const last = depth + 1 === this.#params.depth;
      const lefts: Leaf[] = [];
      const rights: Leaf[] = [];
      for (const leaf of leaves) {
        const [left, right] = this.#split(builder, leaf, split, !last);
        lefts.push(left);
        rights.push(right);
      }
      leaves = [...lefts, ...rights].sort((a, b) => a.number - b.number);
    }
    return leaves;
  }

  #growLeaves(builder: TreeBuilder, root: Leaf, most: number): Leaf[] {
    const leaves = [root];
    root.split = this.#best([root]);
    while (leaves.length < most) {
      let best: Leaf | null = null;
      for (const leaf of leaves) if (leaf.split && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf;
      if (!best?.split) break;
      const deepest = best.depth + 1 >= this.#params.depth;
      const [left, right] = this.#split(builder, best, best.split, !deepest);
      leaves[left.number] = left;
      leaves.push(right);
      if (deepest) continue;
      for (const leaf of [left, right]) {
        const enough = leaf.end - leaf.begin >= this.#params.min_data_in_leaf;
        leaf.split = enough ? this.#best([leaf]) : null;
        if (!leaf.split) this.#free.push(leaf.slot);
      }
    }
    return leaves;
  }

  /** The best split of all of `leaves` alike. */
  #best(leaves: readonly Leaf[]): Found | null {
    const { starts } = this.#team.shared.data;
    const score = new SplitScore(this.#params.score_function === 'Cosine', this.#l2);
    const histograms = leaves.map((leaf) => this.#team.histogram(leaf.slot));
    const totals = histograms.map((h) => {
      let gradient = 0;
      let weight = 0;
      for (let at = 0; at < 2 * starts[1]!; at += 2) {
        gradient += h[at]!;
        weight += h[at + 1]!;
      }
      return { gradient, weight };
    });
    for (const { gradient, weight } of totals) score.add(gradient, weight);
    const before = score.value;
    const left = new Float64Array(2 * leaves.length);
    let best: Found | null = null;
    let bestNoisy = Number.NEGATIVE_INFINITY;
    for (const [f, borders] of this.#borders.entries()) {
      if (this.#params.rsm < 1 && this.#chance.uniform() >= this.#params.rsm) continue;
      left.fill(0);
      let top = Number.NEGATIVE_INFINITY;
      let topScore = 0;
      let topBin = -1;
      for (let bin = 0; bin < borders.length; bin++) {
        score.reset();
        const at = 2 * (starts[f]! + bin);
        for (let l = 0; l < leaves.length; l++) {
          const { gradient, weight } = totals[l]!;
          left[2 * l]! += histograms[l]![at]!;
          left[2 * l + 1]! += histograms[l]![at + 1]!;
          score.add(left[2 * l]!, left[2 * l + 1]!);
          score.add(gradient - left[2 * l]!, weight - left[2 * l + 1]!);
        }
        // noise decides between borders, and once more between features
        const noisy = score.value + this.#noise * this.#chance.normal();
        if (noisy > top) {
          top = noisy;
          topScore = score.value;
          topBin = bin;
        }
      }
      if (topBin < 0) continue;
      const noisy = topScore + this.#noise * this.#chance.normal();
      if (!(noisy > bestNoisy)) continue;
      bestNoisy = noisy;
      best = { feature: f, bin: topBin, gain: noisy - before };
    }
    return best && best.gain >= leastGain ? best : null;
  }

  /** Splits a leaf; with `goesOn` both children get histograms: that of fewer rows is built, the other is what the parent's leaves. */
  #split(builder: TreeBuilder, leaf: Leaf, { feature, bin, gain }: Found, goesOn: boolean): [Leaf, Leaf] {
    const { rows, data } = this.#team.shared;
    const bins = data.bins[feature]!;
    let at = leaf.begin;
    let others = 0;
    for (let i = leaf.begin; i < leaf.end; i++) {
      const row = rows[i]!;
      if (bins[row]! <= bin) rows[at++] = row;
      else this.#spare[others++] = row;
    }
    rows.set(this.#spare.subarray(0, others), at);
    const number = builder.split(leaf.number, {
      feature,
      threshold: this.#borders[feature]![bin]!,
      missing: missingNaN,
      defaultLeft: true,
      gain,
      leftValue: 0,
      rightValue: 0,
      leftWeight: at - leaf.begin,
      rightWeight: leaf.end - at,
      leftCount: at - leaf.begin,
      rightCount: leaf.end - at,
    });
    const depth = leaf.depth + 1;
    const left: Leaf = { ...leaf, depth, end: at, slot: -1, split: null };
    const right: Leaf = { ...leaf, number, depth, begin: at, slot: -1, split: null };
    if (!goesOn) {
      this.#free.push(leaf.slot);
      return [left, right];
    }
    const [small, large] = at - leaf.begin <= leaf.end - at ? [left, right] : [right, left];
    small.slot = this.#takeSlot();
    large.slot = leaf.slot;
    this.#team.build(small.slot, small.begin, small.end);
    const fresh = this.#team.histogram(small.slot);
    const rest = this.#team.histogram(large.slot);
    for (let i = 0; i < rest.length; i++) rest[i]! -= fresh[i]!;
    return [left, right];
  }

  #takeSlot(): number {
    return this.#free.pop() ?? this.#slots++;
  }
}
