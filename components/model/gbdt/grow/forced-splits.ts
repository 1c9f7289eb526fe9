import { UserError } from '../../../core/errors.ts';
import { binOf } from '../bins/bin-mapper.ts';
import { parseFile } from '../bins/forced-bins.ts';
import { epsilon, missingNaN, missingZero } from '../constants.ts';
import type { UsedFeature } from '../engine/layout.ts';
import type { ScanRules } from '../engine/reference/find-split.ts';
import { gainOfOutput, leafGain, leafOutput } from './leaf-output.ts';
import type { LeafSums, Split } from './split.ts';

/** A split that the top of every tree must have. */
export interface ForcedSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly left: ForcedSplit | null;
  readonly right: ForcedSplit | null;
}

/**
 * The splits in LightGBM's file of `forcedsplits_filename`: `{"feature": 0, "threshold": 0.5, "left": {...}, "right": {...}}`.
 * @throws UserError where the file is not so.
 */
export function readForcedSplits(file: string, columns: number): ForcedSplit | null {
  if (file === '') return null;
  const wrong = (problem: string, cause?: unknown) =>
    new UserError(`${file}: ${problem}`, {
      hint: 'it must hold {"feature": number of a column, "threshold": number, "left": {...}, "right": {...}}',
      path: ['forcedsplits_filename'],
      cause,
    });
  const read = (given: unknown): ForcedSplit | null => {
    const { feature, threshold, left, right } = (given ?? {}) as Record<string, unknown>;
    // LightGBM passes over what has no feature or no threshold
    if (feature === undefined || threshold === undefined) return null;
    if (typeof feature !== 'number' || !Number.isInteger(feature) || feature < 0 || feature >= columns)
      throw wrong(`no feature ${String(feature)} of ${columns}`);
    if (typeof threshold !== 'number') throw wrong(`threshold ${String(threshold)}`);
    return { feature, threshold, left: read(left), right: read(right) };
  };
  return read(parseFile(file, wrong));
}

/** Columns that any forced split uses. */
export function forcedColumns(split: ForcedSplit | null): number[] {
  return split ? [split.feature, ...forcedColumns(split.left), ...forcedColumns(split.right)] : [];
}

/**
 * A forced split of a leaf from the feature's histogram; null where it gains nothing. Missing values go left. Source: LightGBM
 * `GatherInfoForThreshold` (src/treelearner/feature_histogram.hpp). LightGBM 4.7 reads histograms that it has not made, where `feature_fraction` has
 * not drawn the feature or nothing could be gained by it above; there the split is left out, and the rest of the tree may differ.
 */
export function forcedSplit(
  histogram: Float64Array,
  { mapper, column }: UsedFeature,
  feature: number,
  threshold: number,
  leaf: LeafSums & { readonly rows: number },
  parentOutput: number,
  rules: ScanRules,
): Split | null {
  const bin = binOf(mapper, threshold);
  const perHessian = leaf.rows / leaf.hessian;
  const rowsOf = (b: number) => Math.trunc(histogram[2 * b + 1]! * perHessian + 0.5);
  const numerical = mapper.kind === 'numerical';
  // sums of the right side by a number, of the left one by a category
  const own = { gradient: 0, hessian: epsilon, rows: 0 };
  const add = (b: number) => {
    own.gradient += histogram[2 * b]!;
    own.hessian += histogram[2 * b + 1]!;
    own.rows += rowsOf(b);
  };
  if (!numerical) {
    if (bin === 0) return null;
    own.hessian = histogram[2 * bin + 1]! + epsilon;
    own.gradient = histogram[2 * bin]!;
    own.rows = rowsOf(bin);
  } else
    for (let b = mapper.bins - 1 - Number(mapper.missing === missingNaN); b > bin && b >= 1; b--)
      if (!(mapper.missing === missingZero && b === mapper.defaultBin)) add(b);
  const rest = {
    gradient: leaf.gradient - own.gradient,
    hessian: leaf.hessian - own.hessian,
    rows: leaf.rows - own.rows,
  };
  const [left, right] = numerical ? [rest, own] : [own, rest];
  const gainOf = (side: typeof own) => leafGain(rules, side.gradient, side.hessian, side.rows, parentOutput);
  const least = gainOfOutput(rules, leaf.gradient, leaf.hessian, parentOutput) + rules.minGain;
  const gain = gainOf(left) + gainOf(right);
  // where one side has no rows, LightGBM stops with an error
  const empty = leaf.hessian * 1e-12;
  if (!(gain > least) || left.hessian < empty || right.hessian < empty) return null;
  const sums = (side: typeof own, gradient: number, hessian: number): LeafSums => ({
    gradient,
    hessian: hessian - epsilon,
    output: leafOutput(rules, gradient, hessian, side.rows, parentOutput),
  });
  return {
    gain: gain - least,
    column,
    feature,
    threshold: numerical ? bin : 0,
    defaultLeft: numerical,
    categories: numerical ? null : [bin],
    monotone: 0,
    left: sums(left, left.gradient, left.hessian),
    right: sums(right, leaf.gradient - left.gradient, leaf.hessian - left.hessian),
  };
}
