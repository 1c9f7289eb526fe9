import { epsilon, missingNaN, missingNone, missingZero } from '../../constants.ts';
import { type LeafRules, leafGain } from '../../grow/leaf-output.ts';
import { boundedGain, type OutputBounds, type SplitBounds } from '../../grow/monotone/bounds.ts';

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
  /** Bounds of the outputs at the best threshold; null without bounds. */
  left: OutputBounds | null;
  right: OutputBounds | null;
}

/** What not every training has. */
export interface ScanOptions {
  /** Bounds of the outputs, where some feature is monotone. */
  readonly bounds?: SplitBounds | null;
  /** The only threshold to look at; -1: all. */
  readonly only?: number;
}

/**
 * The best threshold of one feature in one leaf. `histogram[2 * bin]` are sums of gradients, `[2 * bin + 1]` of hessians. Rows a
 * bin are not counted but told from the hessians, as LightGBM does. With missing values both directions are scanned: from the right, where
 * missing values go left, then from the left; equal gains keep the first found. Source: LightGBM `FindBestThreshold`
 * (src/treelearner/feature_histogram.hpp).
 */
export function findSplit(
  histogram: Float64Array,
  feature: ScanFeature,
  leaf: ScanLeaf,
  rules: ScanRules,
  options: ScanOptions = {},
): ScanResult {
  const hessian = leaf.hessian + 2 * epsilon;
  const result = noScan();
  const least = leafGain(rules, leaf.gradient, hessian, leaf.rows, leaf.output) + rules.minGain;
  const scan = new Scan(histogram, feature, { ...leaf, hessian }, rules, least, options);
  scan.run(true, result);
  if (scan.bothWays) scan.run(false, result);
  else if (feature.missing === missingNaN) result.defaultLeft = false;
  return result;
}

/** The result of a scan that has found nothing. */
export function noScan(): ScanResult {
  return {
    gain: Number.NEGATIVE_INFINITY,
    threshold: 0,
    leftGradient: 0,
    leftHessian: 0,
    leftRows: 0,
    defaultLeft: true,
    splittable: false,
    left: null,
    right: null,
  };
}

/** The scans of one feature in one leaf. Sums are of the side that the scan has passed, `rest` of the other. */
class Scan {
  readonly bothWays: boolean;
  readonly #histogram: Float64Array;
  readonly #feature: ScanFeature;
  readonly #leaf: ScanLeaf;
  readonly #rules: ScanRules;
  readonly #least: number;
  readonly #bounds: SplitBounds | null;
  readonly #only: number;

  constructor(
    histogram: Float64Array,
    feature: ScanFeature,
    leaf: ScanLeaf,
    rules: ScanRules,
    least: number,
    { bounds = null, only = -1 }: ScanOptions,
  ) {
    this.#histogram = histogram;
    this.#feature = feature;
    this.#leaf = leaf;
    this.#rules = rules;
    this.#least = least;
    this.#bounds = bounds;
    this.#only = only;
    this.bothWays = feature.bins > 2 && feature.missing !== missingNone;
  }

  run(fromRight: boolean, result: ScanResult): void {
    const histogram = this.#histogram;
    const leaf = this.#leaf;
    const { bins, mostFrequent, missing } = this.#feature;
    const { minRows, minHessian } = this.#rules;
    const skipped = this.bothWays && missing === missingZero ? this.#feature.default : -1;
    const ofNaN = this.bothWays && missing === missingNaN;
    const perHessian = leaf.rows / leaf.hessian;
    const offset = mostFrequent === 0 ? 1 : 0;
    // from the left, the most frequent bin 0 is what the others leave of the sums
    const implied = !fromRight && ofNaN && offset === 1;
    const bounds = this.#bounds;
    bounds?.begin(fromRight);
    let best = Number.NEGATIVE_INFINITY;
    let bestBin = 0;
    let bestGradient = 0;
    let bestHessian = 0;
    let bestRows = 0;
    let bestLeft: OutputBounds | null = null;
    let bestRight: OutputBounds | null = null;
    let gradient = 0;
    let hessian = epsilon;
    let rows = 0;
    if (implied) {
      gradient = leaf.gradient;
      hessian = leaf.hessian - epsilon;
      rows = leaf.rows;
      for (let bin = 1; bin < bins; bin++) {
        gradient -= histogram[2 * bin]!;
        hessian -= histogram[2 * bin + 1]!;
        rows -= Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
      }
    }
    const step = fromRight ? -1 : 1;
    const end = fromRight ? 0 : bins - 1;
    const first = fromRight ? bins - 1 - Number(ofNaN) : implied ? 0 : offset;
    for (let bin = first; bin !== end; bin += step) {
      if (bin === skipped) continue;
      if (fromRight || bin >= offset) {
        gradient += histogram[2 * bin]!;
        hessian += histogram[2 * bin + 1]!;
        rows += Math.trunc(histogram[2 * bin + 1]! * perHessian + 0.5);
      }
      if (rows < minRows || hessian < minHessian) continue;
      const restRows = leaf.rows - rows;
      if (restRows < minRows) break;
      const restHessian = leaf.hessian - hessian;
      if (restHessian < minHessian) break;
      const threshold = fromRight ? bin - 1 : bin;
      if (this.#only >= 0 && threshold !== this.#only) continue;
      const restGradient = leaf.gradient - gradient;
      if (fromRight) bounds?.move(bin);
      const gain = fromRight
        ? this.#gain(restGradient, restHessian, restRows, gradient, hessian, rows)
        : this.#gain(gradient, hessian, rows, restGradient, restHessian, restRows);
      if (gain <= this.#least) continue;
      result.splittable = true;
      if (!(gain > best)) continue;
      if (bounds) {
        const [left, right] = [bounds.left(), bounds.right()];
        bestLeft = left;
        bestRight = right;
        if (left.min > left.max || right.min > right.max) continue;
      }
      best = gain;
      bestBin = threshold;
      bestGradient = fromRight ? restGradient : gradient;
      bestHessian = fromRight ? restHessian : hessian;
      bestRows = fromRight ? restRows : rows;
    }
    if (!result.splittable || !(best > result.gain + this.#least)) return;
    result.gain = best - this.#least;
    result.threshold = bestBin;
    result.leftGradient = bestGradient;
    result.leftHessian = bestHessian;
    result.leftRows = bestRows;
    result.defaultLeft = fromRight;
    result.left = bestLeft;
    result.right = bestRight;
  }

  #gain(
    leftGradient: number,
    leftHessian: number,
    leftRows: number,
    rightGradient: number,
    rightHessian: number,
    rightRows: number,
  ): number {
    const { output } = this.#leaf;
    const rules = this.#rules;
    const bounds = this.#bounds;
    if (bounds)
      return boundedGain(
        rules,
        { gradient: leftGradient, hessian: leftHessian, rows: leftRows },
        { gradient: rightGradient, hessian: rightHessian, rows: rightRows },
        output,
        bounds,
      );
    return (
      leafGain(rules, leftGradient, leftHessian, leftRows, output) +
      leafGain(rules, rightGradient, rightHessian, rightRows, output)
    );
  }
}
