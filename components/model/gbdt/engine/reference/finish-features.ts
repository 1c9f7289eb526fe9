import { fixedBounds } from '../../grow/monotone/bounds.ts';
import { Child, Feature, Found, Job, scratchBytes } from '../job.ts';
import { findSplit, type ScanRules } from './find-split.ts';

const bytes = 8;

/** The plain form of the kernel `finishFeatures`: see kernels.ts. */
export function finishFeatures(
  buffer: ArrayBufferLike,
  from: number,
  to: number,
  scratch: number,
  jobAt: number,
  resultAt: number,
): void {
  const job = new Float64Array(buffer, jobAt, Job.size);
  const rules: ScanRules = {
    lambdaL1: job[Job.lambdaL1]!,
    lambdaL2: job[Job.lambdaL2]!,
    maxDeltaStep: job[Job.maxDeltaStep]!,
    pathSmooth: job[Job.pathSmooth]!,
    minGain: job[Job.minGain]!,
    minRows: job[Job.minRows]!,
    minHessian: job[Job.minHessian]!,
  };
  const active = new Uint8Array(buffer, job[Job.active]!);
  let freshAt = scratch;
  for (let f = from; f < to; f++) {
    if (!active[f]) continue;
    const at = job[Job.features]! + f * Feature.size * 4;
    const ints = new Int32Array(buffer, at, Feature.size);
    const feature = {
      bins: ints[Feature.bins]!,
      mostFrequent: ints[Feature.mostFrequent]!,
      default: ints[Feature.default]!,
      missing: ints[Feature.missing]!,
    };
    const column = ints[Feature.column]!;
    const penalty = new Float64Array(buffer, at + Feature.penalty * 4, 1)[0]!;
    const start = ints[Feature.start]! * 2 * bytes;
    const fresh = new Float64Array(buffer, freshAt, 2 * feature.bins);
    freshAt += scratchBytes;
    const evaluate = (childAt: number, result: number) => {
      const child = job.subarray(childAt, childAt + Child.size);
      const histogram = new Float64Array(buffer, child[Child.histogram]! + start, 2 * feature.bins);
      if (childAt === Job.smaller) complete(histogram, fresh, feature.mostFrequent, child);
      else subtract(histogram, smallerHistogram);
      if (!ints[Feature.plain]) return;
      const [min = 0, max = 0] = child[Child.bounds]
        ? new Float64Array(buffer, child[Child.bounds]! + 16 * f, 2)
        : [];
      if (Number.isNaN(min)) return;
      const leaf = {
        gradient: child[Child.gradient]!,
        hessian: child[Child.hessian]!,
        rows: child[Child.rows]!,
        output: child[Child.output]!,
      };
      const monotone = ints[Feature.monotone]!;
      const bounds = child[Child.bounds] ? fixedBounds({ min, max }, monotone) : null;
      const only = child[Child.only] ? new Int32Array(buffer, child[Child.only])[f]! : -1;
      const found = findSplit(histogram, feature, leaf, rules, { bounds, only });
      new Uint8Array(buffer, child[Child.splittable]!)[f] = found.splittable ? 1 : 0;
      if (!new Uint8Array(buffer, child[Child.allowed]!)[f]) return;
      const best = new Float64Array(buffer, result, Found.size);
      let gain = found.gain * penalty - child[Child.cost]!;
      if (bounds && monotone !== 0) gain *= child[Child.penalty]!;
      if (!better(gain, column, best)) return;
      best[Found.gain] = gain;
      best[Found.column] = column;
      best[Found.feature] = f;
      best[Found.threshold] = found.threshold;
      best[Found.leftGradient] = found.leftGradient;
      best[Found.leftHessian] = found.leftHessian;
      best[Found.leftRows] = found.leftRows;
      best[Found.defaultLeft] = found.defaultLeft ? 1 : 0;
    };
    const smallerHistogram = new Float64Array(
      buffer,
      job[Job.smaller + Child.histogram]! + start,
      2 * feature.bins,
    );
    evaluate(Job.smaller, resultAt);
    if (job[Job.larger + Child.histogram]! !== 0) evaluate(Job.larger, resultAt + Found.size * bytes);
    fresh.fill(0);
  }
}

/** Higher gain wins; of equal gains the smaller column. A result without a split has column -1. */
export function better(gain: number, column: number, best: Float64Array): boolean {
  if (gain !== best[Found.gain]!) return gain > best[Found.gain]!;
  return best[Found.column]! < 0 || column < best[Found.column]!;
}

/** Copies the fresh histogram; the most frequent bin gets what the others leave of the leaf's sums (bin 0 is never read then). */
function complete(
  histogram: Float64Array,
  fresh: Float64Array,
  mostFrequent: number,
  child: Float64Array,
): void {
  histogram.set(fresh);
  if (mostFrequent === 0) return;
  let gradient = child[Child.gradient]!;
  let hessian = child[Child.hessian]!;
  for (let bin = 0; bin < histogram.length / 2; bin++) {
    if (bin === mostFrequent) continue;
    gradient -= histogram[2 * bin]!;
    hessian -= histogram[2 * bin + 1]!;
  }
  histogram[2 * mostFrequent] = gradient;
  histogram[2 * mostFrequent + 1] = hessian;
}

function subtract(histogram: Float64Array, other: Float64Array): void {
  for (let i = 0; i < histogram.length; i++) histogram[i]! -= other[i]!;
}
