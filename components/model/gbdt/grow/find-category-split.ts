import { epsilon } from '../constants.ts';
import {
  noScan,
  type ScanFeature,
  type ScanLeaf,
  type ScanResult,
  type ScanRules,
} from '../engine/reference/find-split.ts';
import type { Random } from '../random.ts';
import { gainOfOutput, leafGain } from './leaf-output.ts';
import { mergeSort } from './merge-sort.ts';
import { boundedGain, type SplitBounds } from './monotone/bounds.ts';

/** LightGBM's parameters of categorical splits. */
export interface CategoryRules {
  readonly maxOneHot: number;
  readonly smooth: number;
  readonly l2: number;
  readonly mostLeft: number;
  readonly minRowsPerGroup: number;
}

export interface CategoryOptions {
  readonly rules: CategoryRules;
  readonly bounds: SplitBounds | null;
  /** Draws the only split to look at (`extra_trees`). */
  readonly random: Random | null;
}

export interface CategoryResult extends ScanResult {
  /** Bins that go left. */
  categories: readonly number[];
  /** lambda_l2 of the outputs. */
  lambdaL2: number;
}

/**
 * The best set of categories that go left. Few categories: each one against all others. Else they are sorted by gradient / (hessian + smooth), and
 * the first ones, from either end, go left. Bin 0, all that is rare or unknown, always goes right. Source: LightGBM
 * `FindBestThresholdCategoricalInner` (src/treelearner/feature_histogram.cpp); Fisher 1958 for the order.
 */
export function findCategorySplit(
  histogram: Float64Array,
  feature: ScanFeature,
  given: ScanLeaf,
  rules: ScanRules,
  options: CategoryOptions,
): CategoryResult {
  const leaf = { ...given, hessian: given.hessian + 2 * epsilon };
  options.bounds?.begin(true);
  // with smoothing the gain is compared with that of the parent's output
  const shift =
    rules.pathSmooth > epsilon
      ? gainOfOutput(rules, leaf.gradient, leaf.hessian, leaf.output)
      : leafGain({ ...rules, pathSmooth: 0 }, leaf.gradient, leaf.hessian, leaf.rows, 0);
  const oneHot = feature.bins <= options.rules.maxOneHot;
  const lambdaL2 = oneHot ? rules.lambdaL2 : rules.lambdaL2 + options.rules.l2;
  const result: CategoryResult = { ...noScan(), defaultLeft: false, categories: [], lambdaL2 };
  const search = {
    histogram,
    bins: feature.bins,
    leaf,
    rules: { ...rules, lambdaL2 },
    least: shift + rules.minGain,
    options,
    result,
  };
  if (oneHot) oneAgainstAll(search, feature.mostFrequent === 0 ? 1 : 0);
  else sortedSets(search);
  if (result.splittable) result.gain -= search.least;
  return result;
}

interface Search {
  readonly histogram: Float64Array;
  readonly bins: number;
  readonly leaf: ScanLeaf;
  readonly rules: ScanRules;
  readonly least: number;
  readonly options: CategoryOptions;
  readonly result: CategoryResult;
}

function oneAgainstAll(
  { histogram, bins, leaf, rules, least, options, result }: Search,
  offset: number,
): void {
  const perHessian = leaf.rows / leaf.hessian;
  const only = options.random && bins > 1 ? options.random.nextInt(1 - offset, bins - offset) + offset : -1;
  for (let bin = 1; bin < bins; bin++) {
    const gradient = histogram[2 * bin]!;
    const hessian = histogram[2 * bin + 1]!;
    const rows = Math.trunc(hessian * perHessian + 0.5);
    if (rows < rules.minRows || hessian < rules.minHessian) continue;
    const others = {
      gradient: leaf.gradient - gradient,
      hessian: leaf.hessian - hessian - epsilon,
      rows: leaf.rows - rows,
    };
    if (others.rows < rules.minRows || others.hessian < rules.minHessian) continue;
    if (only >= 0 && bin !== only) continue;
    const own = { gradient, hessian: hessian + epsilon, rows };
    // LightGBM takes the others for the left side here
    const gain = gainOf(others, own, leaf, rules, options.bounds);
    if (gain <= least) continue;
    result.splittable = true;
    if (gain > result.gain) keep(result, gain, own, [bin]);
  }
}

function sortedSets({ histogram, bins, leaf, rules, least, options, result }: Search): void {
  const { smooth, mostLeft, minRowsPerGroup } = options.rules;
  const perHessian = leaf.rows / leaf.hessian;
  const rowsOf = (bin: number) => Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
  const order: number[] = [];
  for (let bin = 1; bin < bins; bin++) if (rowsOf(bin) >= smooth) order.push(bin);
  const value = (bin: number) => histogram[2 * bin]! / (histogram[2 * bin + 1]! + smooth);
  mergeSort(order, (a, b) => value(a) < value(b));
  const most = Math.min(mostLeft, Math.trunc((order.length + 1) / 2));
  const lastChoice = Math.max(Math.min(most, order.length) - 1, 0);
  let only = options.random ? 0 : -1;
  if (options.random && lastChoice > 0) only = options.random.nextInt(0, lastChoice);
  for (const list of [order, order.toReversed()]) {
    const left = { gradient: 0, hessian: epsilon, rows: 0 };
    let inGroup = 0;
    for (let i = 0; i < list.length && i < most; i++) {
      const bin = list[i]!;
      left.gradient += histogram[2 * bin]!;
      left.hessian += histogram[2 * bin + 1]!;
      left.rows += rowsOf(bin);
      inGroup += rowsOf(bin);
      if (left.rows < rules.minRows || left.hessian < rules.minHessian) continue;
      const right = {
        gradient: leaf.gradient - left.gradient,
        hessian: leaf.hessian - left.hessian,
        rows: leaf.rows - left.rows,
      };
      if (right.rows < rules.minRows || right.rows < minRowsPerGroup) break;
      if (right.hessian < rules.minHessian) break;
      if (inGroup < minRowsPerGroup) continue;
      inGroup = 0;
      if (only >= 0 && i !== only) continue;
      const gain = gainOf(left, right, leaf, rules, options.bounds);
      if (gain <= least) continue;
      result.splittable = true;
      if (gain > result.gain) keep(result, gain, left, list.slice(0, i + 1));
    }
  }
}

interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

function gainOf(
  left: Sums,
  right: Sums,
  leaf: ScanLeaf,
  rules: ScanRules,
  bounds: SplitBounds | null,
): number {
  if (bounds) return boundedGain(rules, left, right, leaf.output, bounds);
  return (
    leafGain(rules, left.gradient, left.hessian, left.rows, leaf.output) +
    leafGain(rules, right.gradient, right.hessian, right.rows, leaf.output)
  );
}

function keep(result: CategoryResult, gain: number, left: Sums, categories: readonly number[]): void {
  result.gain = gain;
  result.leftGradient = left.gradient;
  result.leftHessian = left.hessian;
  result.leftRows = left.rows;
  result.categories = categories;
}
