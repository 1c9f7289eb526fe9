import { UserError } from '../../core/errors.ts';
import type { HistogramTeam } from '../hist/histogram-team.ts';
import type { Cuts } from './cuts.ts';
import { evaluateNodes, type OpenNode } from './evaluate.ts';
import type { XgbParams } from './params.ts';
import { floatRules, leafGain, leafWeight, type Sums, type XgbSplit } from './split.ts';
import type { XgbTree } from './tree.ts';

const round = Math.fround;
const leastGain = round(1e-6);

/** Nodes of a level that are split at a time. */
const batchNodes = 256;

/** Rows `begin .. end` of the row list. */
export interface NodeRows {
  readonly begin: number;
  readonly end: number;
}

interface Candidate {
  readonly node: number;
  readonly depth: number;
  readonly slot: number;
  readonly split: XgbSplit;
}

/** Draws features: of the tree, of each level, of each node. */
export interface FeatureSampler {
  newTree(): void;
  ofNode(depth: number): readonly number[];
}

/**
 * Grows one tree on the pairs of the team, level by level or best leaf first. The row list is reordered; returns the rows of every node. Source:
 * XGBoost 3.2 (src/tree/updater_quantile_hist.cc, driver.h).
 */
export class TreeGrower {
  readonly #team: HistogramTeam;
  readonly #params: XgbParams;
  readonly #cuts: readonly Cuts[];
  readonly #features: FeatureSampler;
  readonly #dense: boolean;
  #tree: XgbTree = emptyTree();
  #rows: NodeRows[] = [];
  #sums: Sums[] = [];
  #gains: number[] = [];
  #free: number[] = [];
  #slots = 0;

  constructor(
    team: HistogramTeam,
    params: XgbParams,
    cuts: readonly Cuts[],
    features: FeatureSampler,
    dense: boolean,
  ) {
    this.#team = team;
    this.#params = floatRules(params);
    this.#cuts = cuts;
    this.#features = features;
    this.#dense = dense;
  }

  grow(): { tree: XgbTree; rows: readonly NodeRows[] } {
    const { rows } = this.#team.engine;
    const { length } = rows;
    for (let i = 0; i < length; i++) rows[i] = i;
    this.#tree = emptyTree();
    this.#rows = [{ begin: 0, end: length }];
    this.#free = [];
    this.#slots = 0;
    this.#features.newTree();
    const slot = this.#takeSlot();
    this.#team.build(slot, 0, length);
    const sums = this.#rootSums(slot);
    this.#sums = [sums];
    this.#gains = [leafGain(this.#params, sums.gradient, sums.hessian)];
    const weight = leafWeight(this.#params, sums.gradient, sums.hessian);
    this.#addNode(-1, sums.hessian, weight, round(round(this.#params.eta) * weight));
    const waiting = this.#evaluate([{ node: 0, slot }], 0, null);
    let leaves = 1;
    while (waiting.length > 0) {
      const batch = this.#next(waiting).filter((c) => this.#allowed(c, leaves) && leaves++ > 0);
      for (const candidate of batch) {
        const [left, right] = this.#apply(candidate);
        const deepest = this.#params.max_depth > 0 && candidate.depth + 1 >= this.#params.max_depth;
        const full = this.#params.max_leaves > 0 && leaves >= this.#params.max_leaves;
        if (deepest || full) this.#free.push(candidate.slot);
        else waiting.push(...this.#childCandidates(left, right, candidate));
      }
    }
    return { tree: this.#tree, rows: this.#rows };
  }

  /** Removes and returns candidates of the smallest depth, or the best one. */
  #next(waiting: Candidate[]): Candidate[] {
    if (this.#params.grow_policy === 'depthwise') {
      waiting.sort((a, b) => a.node - b.node);
      const end = waiting.findIndex(({ depth }) => depth !== waiting[0]!.depth);
      return waiting.splice(0, Math.min(batchNodes, end < 0 ? waiting.length : end));
    }
    let at = 0;
    for (const [i, c] of waiting.entries()) {
      const best = waiting[at]!;
      if (c.split.gain > best.split.gain || (c.split.gain === best.split.gain && c.node < best.node)) at = i;
    }
    return waiting.splice(at, 1);
  }

  #allowed({ split, depth }: Candidate, leaves: number): boolean {
    const { gamma, max_depth, max_leaves } = this.#params;
    if (!(split.gain > leastGain) || split.gain < round(gamma)) return false;
    if (split.left.hessian === 0 || split.right.hessian === 0) return false;
    return !(max_depth > 0 && depth === max_depth) && !(max_leaves > 0 && leaves === max_leaves);
  }

  #apply({ node, split }: Candidate): [number, number] {
    const { eta } = this.#params;
    const tree = this.#tree;
    const total = {
      gradient: split.left.gradient + split.right.gradient,
      hessian: split.left.hessian + split.right.hessian,
    };
    const ids = [split.left, split.right].map((sums) => {
      const weight = leafWeight(this.#params, sums.gradient, sums.hessian);
      const value = round(weight * round(eta));
      this.#sums.push(sums);
      this.#gains.push(leafGain(this.#params, sums.gradient, sums.hessian));
      return this.#addNode(node, sums.hessian, value, value);
    });
    const [left = 0, right = 0] = ids;
    tree.left[node] = left;
    tree.right[node] = right;
    tree.feature[node] = split.feature;
    tree.condition[node] = split.condition;
    tree.defaultLeft[node] = split.defaultLeft ? 1 : 0;
    tree.gain[node] = split.gain;
    tree.hessian[node] = total.hessian;
    tree.weight[node] = leafWeight(this.#params, total.gradient, total.hessian);
    this.#partition(node, split, left, right);
    return [left, right];
  }

  #partition(node: number, { feature, bin, defaultLeft }: XgbSplit, left: number, right: number): void {
    const { begin, end } = this.#rows[node]!;
    const missing = {
      bin: this.#cuts[feature]!.missing ? this.#cuts[feature]!.cuts.length : -1,
      left: defaultLeft,
    };
    const { engine } = this.#team;
    const lefts = engine.part(feature, bin, missing, { from: begin, to: end, left: begin, right: 0 });
    const at = begin + lefts;
    engine.takeSpare(at, end - at);
    this.#rows[left] = { begin, end: at };
    this.#rows[right] = { begin: at, end };
  }

  /** Histograms and best splits of both children: that of fewer hessians is built, the other is what the parent's leaves. */
  #childCandidates(left: number, right: number, { depth, slot, split }: Candidate): Candidate[] {
    const small = split.right.hessian < split.left.hessian ? right : left;
    const own = this.#takeSlot();
    const { begin, end } = this.#rows[small]!;
    const nodes = [left, right].map((node) => ({ node, slot: node === small ? own : slot }));
    return this.#evaluate(nodes, depth + 1, [own, begin, end, slot]).filter((c) => {
      if (c.split.gain > leastGain) return true;
      this.#free.push(c.slot);
      return false;
    });
  }

  #evaluate(
    nodes: readonly { readonly node: number; readonly slot: number }[],
    depth: number,
    build: readonly [number, number, number, number] | null,
  ): Candidate[] {
    const open = nodes.map(
      ({ node, slot }): OpenNode => ({
        slot,
        sums: this.#sums[node]!,
        gain: this.#gains[node]!,
        features: this.#features.ofNode(depth),
      }),
    );
    const splits = evaluateNodes(this.#team, this.#cuts, open, build);
    return nodes.map(({ node, slot }, k) => ({ node, depth, slot, split: splits[k]! }));
  }

  /** Of data without missing values XGBoost adds up the bins of the first feature, else the rows. */
  #rootSums(slot: number): Sums {
    const { engine } = this.#team;
    const from = this.#dense ? engine.histogram(slot, 0) : engine.pairs;
    let gradient = 0;
    let hessian = 0;
    for (let i = 0; i < from.length; i += 2) {
      gradient += from[i]!;
      hessian += from[i + 1]!;
    }
    return { gradient, hessian };
  }

  #addNode(parent: number, hessian: number, weight: number, value: number): number {
    const tree = this.#tree;
    tree.left.push(-1);
    tree.right.push(-1);
    tree.parent.push(parent);
    tree.feature.push(0);
    tree.condition.push(value);
    tree.defaultLeft.push(0);
    tree.gain.push(0);
    tree.hessian.push(hessian);
    tree.weight.push(weight);
    return tree.left.length - 1;
  }

  #takeSlot(): number {
    const slot = this.#free.pop() ?? this.#slots++;
    const { slots } = this.#team.engine.shared.spec;
    if (slot >= slots)
      throw new UserError(`a tree needs more than ${slots} histograms at a time`, {
        hint: 'lower max_depth or max_leaves',
      });
    return slot;
  }
}

function emptyTree(): XgbTree {
  return {
    left: [],
    right: [],
    parent: [],
    feature: [],
    condition: [],
    defaultLeft: [],
    gain: [],
    hessian: [],
    weight: [],
  };
}
