import { epsilon } from '../constants.ts';
import { Child } from '../engine/job.ts';
import type { UsedFeature } from '../engine/layout.ts';
import { findSplit, type ScanFeature, type ScanRules } from '../engine/reference/find-split.ts';
import { Random } from '../random.ts';
import { Costs } from './costs.ts';
import { type CategoryRules, findCategorySplit } from './find-category-split.ts';
import { innerOrder } from './inner-order.ts';
import { monotonePenalty } from './monotone/leaf-constraints.ts';
import { childrenOf, isBetter, type LeafSums, noSplit, type Split } from './split.ts';
import type { TreeLearner } from './tree-learner.ts';

/** A leaf whose split is looked for. */
export interface SearchedLeaf extends LeafSums {
  readonly number: number;
  readonly rows: number;
  readonly depth: number;
  /** Addresses of its histogram and of its features' flags: whether they can be split. */
  readonly histogram: number;
  readonly splittable: number;
}

/**
 * Splits with monotone constraints, at random thresholds (`extra_trees`), by categories and with costs (`cegb_*`). Most of it is told to the kernels;
 * what they do not look for - categories, bounds that depend on thresholds, costs of features - the thread that leads finds from the histograms that all
 * have built.
 */
export class SpecialSplits {
  /** Whether the kernels never look for splits by each used feature, in the order of the layout. */
  readonly features: readonly boolean[];
  readonly costs: Costs | null;
  readonly #learner: TreeLearner;
  readonly #rules: ScanRules;
  readonly #categories: CategoryRules;
  readonly #randoms: ReadonlyMap<number, Random> | null;

  constructor(learner: TreeLearner) {
    const { params, categorical } = learner.engine.shared;
    const { features } = learner.engine.layout;
    this.#learner = learner;
    this.costs = Costs.of(params);
    const all = this.costs?.coupled === true;
    this.features = features.map(({ column }) => all || categorical[column] === true);
    this.#rules = {
      ...learner.rules,
      minGain: params.min_gain_to_split,
      minRows: params.min_data_in_leaf,
      minHessian: params.min_sum_hessian_in_leaf,
    };
    this.#categories = {
      maxOneHot: params.max_cat_to_onehot,
      smooth: params.cat_smooth,
      l2: params.cat_l2,
      mostLeft: params.max_cat_threshold,
      minRowsPerGroup: params.min_data_per_group,
    };
    this.#randoms = params.extra_trees
      ? new Map(
          innerOrder(learner.engine).map((column, i) => [column, new Random((params.extra_seed + i) | 0)]),
        )
      : null;
  }

  /**
   * Writes what the kernels need to know of a leaf to its place in the job; `onlyAt`, `boundsAt`: room for thresholds and bounds of features. Returns flags of the
   * `active` features that the kernels leave, null where there are none.
   */
  describe(
    job: Float64Array,
    at: number,
    leaf: { readonly number: number; readonly rows: number; readonly depth: number },
    active: Uint8Array,
    { onlyAt, boundsAt }: { readonly onlyAt: number; readonly boundsAt: number },
  ): Uint8Array | null {
    const { constraints, engine } = this.#learner;
    const { params, memory } = engine.shared;
    const { features } = engine.layout;
    const left = active.map((on, f) => on & Number(this.features[f]!));
    job[at + Child.bounds] = constraints ? boundsAt : 0;
    if (constraints) {
      const outputs = new Float64Array(memory.buffer, boundsAt, 2 * features.length);
      const range = constraints.range(leaf.number);
      for (const [f, { column }] of features.entries()) {
        if (!active[f] || this.features[f]) continue;
        const fixed = range ?? constraints.of(leaf.number, column, true).fixed;
        outputs[2 * f] = fixed?.min ?? Number.NaN;
        outputs[2 * f + 1] = fixed?.max ?? Number.NaN;
        if (!fixed) left[f] = 1;
      }
    }
    job[at + Child.penalty] = monotonePenalty(leaf.depth, params.monotone_penalty, epsilon);
    job[at + Child.cost] = (this.costs?.perRow ?? 0) * leaf.rows;
    job[at + Child.only] = this.#randoms ? onlyAt : 0;
    if (this.#randoms) {
      const only = new Int32Array(memory.buffer, onlyAt, features.length);
      for (const [f, { column, mapper }] of features.entries())
        if (active[f] && !left[f]) only[f] = threshold(this.#randoms.get(column)!, mapper.bins);
    }
    return left.includes(1) ? left : null;
  }

  /** The best split of a leaf by the `searched` features; only those `allowed` count. Sets flags of features. */
  best(leaf: SearchedLeaf, searched: Uint8Array, allowed: Uint8Array): Split {
    const { layout, shared } = this.#learner.engine;
    const { buffer } = shared.memory;
    const flags = new Uint8Array(buffer, leaf.splittable, layout.features.length);
    let best = noSplit;
    for (const [f, feature] of layout.features.entries()) {
      if (!searched[f]) continue;
      const histogram = new Float64Array(
        buffer,
        leaf.histogram + feature.start * 16,
        2 * feature.mapper.bins,
      );
      const { split, splittable } = this.#search(leaf, feature, f, histogram);
      flags[f] = Number(splittable);
      if (allowed[f] && isBetter(split, best)) best = split;
    }
    return best;
  }

  #search(leaf: SearchedLeaf, feature: UsedFeature, index: number, histogram: Float64Array) {
    const { constraints, engine } = this.#learner;
    const { mapper, column } = feature;
    const numerical = mapper.kind === 'numerical';
    const bounds = constraints?.of(leaf.number, column, numerical) ?? null;
    const scanned: ScanFeature = {
      bins: mapper.bins,
      mostFrequent: mapper.mostFrequentBin,
      default: mapper.defaultBin,
      missing: mapper.missing,
    };
    const random = this.#randoms?.get(column) ?? null;
    const rules = this.#rules;
    const factor = engine.shared.params.feature_contri[column] ?? 1;
    const byCategory = numerical
      ? null
      : findCategorySplit(histogram, scanned, leaf, rules, { rules: this.#categories, bounds, random });
    const only = random && numerical ? threshold(random, mapper.bins) : -1;
    const found = byCategory ?? findSplit(histogram, scanned, leaf, rules, { bounds, only });
    const { splittable } = found;
    if (!(found.gain > Number.NEGATIVE_INFINITY)) {
      this.costs?.forget(column, leaf.number);
      return { split: noSplit, splittable };
    }
    if (byCategory && bounds) {
      found.left = bounds.left();
      found.right = bounds.right();
    }
    const ofLeaf = byCategory ? { ...rules, lambdaL2: byCategory.lambdaL2 } : rules;
    const split: Split = {
      column,
      feature: index,
      gain: found.gain * factor,
      threshold: found.threshold,
      defaultLeft: found.defaultLeft,
      categories: byCategory?.categories ?? null,
      monotone: bounds?.monotone ?? 0,
      ...childrenOf(found, leaf, ofLeaf),
    };
    return { split: this.#charge(split, leaf), splittable };
  }

  /** The split with its gain less costs, times the penalty of monotone features. */
  #charge(split: Split, leaf: SearchedLeaf): Split {
    const { monotone_penalty: penalty } = this.#learner.engine.shared.params;
    let { gain } = split;
    if (this.costs) gain -= this.costs.charge(split, leaf.number, leaf.rows);
    if (split.monotone !== 0) gain *= monotonePenalty(leaf.depth, penalty, epsilon);
    return { ...split, gain };
  }
}

/** The only threshold that `extra_trees` looks at. */
function threshold(random: Random, bins: number): number {
  return bins > 2 ? random.nextInt(0, bins - 2) : 0;
}
