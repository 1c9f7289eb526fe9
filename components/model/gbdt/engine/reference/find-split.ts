import { epsilon, missingNaN, missingNone, missingZero } from '../../constants.ts';
import { type LeafRules, leafGain } from '../../grow/leaf-output.ts';

/** What a scan needs to know of a feature. */
export interface ScanFeature {
  readonly bins: number;
  readonly mostFrequent: number;
  readonly default: number;
  readonly missing: number;
}

export interface ScanLeaf {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
  readonly output: number;
}

export interface ScanRules extends LeafRules {
  readonly minGain: number;
  readonly minRows: number;
  readonly minHessian: number;
}

export interface ScanResult {
  gain: number;
  threshold: number;
  leftGradient: number;
  leftHessian: number;
  leftRows: number;
  defaultLeft: boolean;
  /** Some split gains more than none at all. */
  splittable: boolean;
}

/**
 * The best threshold of one feature in one leaf. `at(bin)` are its sums: `histogram[2 * bin]` gradients, `[2 * bin + 1]` hessians. Rows a
 * bin are not counted but told from the hessians, as LightGBM does. With missing values both directions are scanned: from the right, where
 * missing values go left, then from the left; equal gains keep the first found. Source: LightGBM `FindBestThreshold`
 * (src/treelearner/feature_histogram.hpp).
 */
export function findSplit(
  histogram: Float64Array,
  feature: ScanFeature,
  leaf: ScanLeaf,
  rules: ScanRules,
): ScanResult {
  const sums = { ...leaf, hessian: leaf.hessian + 2 * epsilon };
  const result: ScanResult = {
    gain: Number.NEGATIVE_INFINITY,
    threshold: 0,
    leftGradient: 0,
    leftHessian: 0,
    leftRows: 0,
    defaultLeft: true,
    splittable: false,
  };
  const least = leafGain(rules, sums.gradient, sums.hessian, sums.rows, sums.output) + rules.minGain;
  const bothWays = feature.bins > 2 && feature.missing !== missingNone;
  const skipDefault = bothWays && feature.missing === missingZero;
  const ofNaN = bothWays && feature.missing === missingNaN;
  scanFromRight(histogram, feature, sums, rules, least, skipDefault, ofNaN, result);
  if (bothWays) scanFromLeft(histogram, feature, sums, rules, least, skipDefault, ofNaN, result);
  else if (feature.missing === missingNaN) result.defaultLeft = false;
  return result;
}

function scanFromRight(
  histogram: Float64Array,
  feature: ScanFeature,
  sums: ScanLeaf,
  rules: ScanRules,
  least: number,
  skipDefault: boolean,
  ofNaN: boolean,
  result: ScanResult,
): void {
  const perHessian = sums.rows / sums.hessian;
  const best = { gain: Number.NEGATIVE_INFINITY, gradient: 0, hessian: 0, rows: 0, threshold: 0 };
  let gradient = 0;
  let hessian = epsilon;
  let rows = 0;
  for (let bin = feature.bins - 1 - Number(ofNaN); bin >= 1; bin--) {
    if (skipDefault && bin === feature.default) continue;
    gradient += histogram[2 * bin]!;
    hessian += histogram[2 * bin + 1]!;
    rows += Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
    if (rows < rules.minRows || hessian < rules.minHessian) continue;
    const leftRows = sums.rows - rows;
    if (leftRows < rules.minRows) break;
    const leftHessian = sums.hessian - hessian;
    if (leftHessian < rules.minHessian) break;
    const leftGradient = sums.gradient - gradient;
    const gain =
      leafGain(rules, leftGradient, leftHessian, leftRows, sums.output) +
      leafGain(rules, gradient, hessian, rows, sums.output);
    if (gain <= least) continue;
    result.splittable = true;
    if (gain > best.gain)
      Object.assign(best, {
        gain,
        gradient: leftGradient,
        hessian: leftHessian,
        rows: leftRows,
        threshold: bin - 1,
      });
  }
  keep(best, least, true, result);
}

function scanFromLeft(
  histogram: Float64Array,
  feature: ScanFeature,
  sums: ScanLeaf,
  rules: ScanRules,
  least: number,
  skipDefault: boolean,
  ofNaN: boolean,
  result: ScanResult,
): void {
  const perHessian = sums.rows / sums.hessian;
  const best = { gain: Number.NEGATIVE_INFINITY, gradient: 0, hessian: 0, rows: 0, threshold: 0 };
  let gradient = 0;
  let hessian = epsilon;
  let rows = 0;
  const offset = feature.mostFrequent === 0 ? 1 : 0;
  // the most frequent bin 0 is what the others leave of the sums
  const implied = ofNaN && offset === 1;
  if (implied) {
    gradient = sums.gradient;
    hessian = sums.hessian - epsilon;
    rows = sums.rows;
    for (let bin = 1; bin < feature.bins; bin++) {
      gradient -= histogram[2 * bin]!;
      hessian -= histogram[2 * bin + 1]!;
      rows -= Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
    }
  }
  for (let bin = implied ? 0 : offset; bin <= feature.bins - 2; bin++) {
    if (skipDefault && bin === feature.default) continue;
    if (bin >= offset) {
      gradient += histogram[2 * bin]!;
      hessian += histogram[2 * bin + 1]!;
      rows += Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
    }
    if (rows < rules.minRows || hessian < rules.minHessian) continue;
    const rightRows = sums.rows - rows;
    if (rightRows < rules.minRows) break;
    const rightHessian = sums.hessian - hessian;
    if (rightHessian < rules.minHessian) break;
    const rightGradient = sums.gradient - gradient;
    const gain =
      leafGain(rules, gradient, hessian, rows, sums.output) +
      leafGain(rules, rightGradient, rightHessian, rightRows, sums.output);
    if (gain <= least) continue;
    result.splittable = true;
    if (gain > best.gain) Object.assign(best, { gain, gradient, hessian, rows, threshold: bin });
  }
  keep(best, least, false, result);
}

function keep(
  best: { gain: number; gradient: number; hessian: number; rows: number; threshold: number },
  least: number,
  defaultLeft: boolean,
  result: ScanResult,
): void {
  if (!result.splittable || !(best.gain > result.gain + least)) return;
  result.gain = best.gain - least;
  result.threshold = best.threshold;
  result.leftGradient = best.gradient;
  result.leftHessian = best.hessian;
  result.leftRows = best.rows;
  result.defaultLeft = defaultLeft;
}
