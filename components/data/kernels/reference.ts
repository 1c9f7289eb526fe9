import * as element from './element.ts';
import type { Kernels } from './kernels.ts';
import * as moments from './moments.ts';
import * as order from './order.ts';
import * as pairs from './pair.ts';
import * as regressions from './regression.ts';
import * as weighted from './weighted.ts';

/** The kernels in TypeScript over an arena: what the WebAssembly ones are tested against. */
export function referenceKernels(buffer: ArrayBuffer): Kernels {
  const f32 = (pointer: number, n: number) => new Float32Array(buffer, pointer, n);
  const f64 = (pointer: number, n: number) => new Float64Array(buffer, pointer, n);
  const wanted = (pointer: number, n: number) => (pointer ? f64(pointer, n) : null);
  const kernels: Kernels = {
    buffer,
    widen: (x, out, n) => element.copyInto(f32(x, n), f64(out, n), n),
    narrow: (x, out, n) => element.copyInto(f64(x, n), f32(out, n), n),
    finite32: (x, out, n) => element.finite(f32(x, n), f64(out, n), n),
    finite64: (x, out, n) => element.finite(f64(x, n), f64(out, n), n),
    arithmetic32: (op, mode, x, y, scalar, out, n) =>
      element.arithmetic(op, mode, f32(x, n), f32(y, n), scalar, f32(out, n), n),
    arithmetic64: (op, mode, x, y, scalar, out, n) =>
      element.arithmetic(op, mode, f64(x, n), f64(y, n), scalar, f64(out, n), n),
    compare32: (op, mode, x, y, scalar, out, n) =>
      element.compare(op, mode, f32(x, n), f32(y, n), scalar, f64(out, n), n),
    compare64: (op, mode, x, y, scalar, out, n) =>
      element.compare(op, mode, f64(x, n), f64(y, n), scalar, f64(out, n), n),
    logic: (and, x, y, out, n) => element.logic(and, f64(x, n), f64(y, n), f64(out, n), n),
    where32: (condition, x, a, y, b, out, n) =>
      element.where(f64(condition, n), x ? f32(x, n) : a, y ? f32(y, n) : b, f32(out, n), n),
    where64: (condition, x, a, y, b, out, n) =>
      element.where(f64(condition, n), x ? f64(x, n) : a, y ? f64(y, n) : b, f64(out, n), n),
    absolute32: (x, out, n) => element.absolute(f32(x, n), f32(out, n), n),
    absolute64: (x, out, n) => element.absolute(f64(x, n), f64(out, n), n),
    sign32: (x, out, n) => element.sign(f32(x, n), f32(out, n), n),
    logarithm32: (x, out, n) => element.logarithm(f32(x, n), f32(out, n), n),
    logarithm64: (x, out, n) => element.logarithm(f64(x, n), f64(out, n), n),
    invert: (x, out, n) => element.invert(f64(x, n), f64(out, n), n),
    shift32: (x, out, n, k) => element.shift(f32(x, n), f32(out, n), n, k),
    shift64: (x, out, n, k) => element.shift(f64(x, n), f64(out, n), n, k),
    first32: (x, out, n) => element.first(f32(x, n), f32(out, n), n),
    first64: (x, out, n) => element.first(f64(x, n), f64(out, n), n),
    sum: (x, out, n, w) => moments.rollingSum(f64(x, n), f64(out, n), n, w),
    mean: (x, out, n, w) => moments.rollingMean(f64(x, n), f64(out, n), n, w),
    variance: (x, variance, deviation, n, w) =>
      moments.rollingVariance(f64(x, n), wanted(variance, n), wanted(deviation, n), n, w),
    variances: (lanes) => {
      for (const { x, variance, deviation, n, w } of lanes) kernels.variance(x, variance, deviation, n, w);
    },
    count: (x, out, n, w) => moments.rollingCount(f64(x, n), f64(out, n), n, w),
    shape: (x, out, n, w, powers) => moments.rollingShape(f64(x, n), f64(out, n), n, w, powers),
    extreme: (largest, x, value, place, n, w, work) =>
      order.rollingExtreme(largest, f64(x, n), wanted(value, n), wanted(place, n), n, w, f64(work, n + 1)),
    sorted: (x, rank, rankShare, median, quantiles, n, w, work) => {
      const table = f64(work, 2 * quantiles);
      const outputs = {
        rank: wanted(rank, n),
        rankShare: wanted(rankShare, n),
        median: wanted(median, n),
        quantiles: Array.from({ length: quantiles }, (_, k) => ({
          q: table[2 * k]!,
          out: f64(table[2 * k + 1]!, n),
        })),
      };
      order.rollingSorted(f64(x, n), outputs, n, w, f64(work + 16 * quantiles, n + 1));
    },
    regression: (x, slope, rsquare, residual, n, w) =>
      regressions.rollingRegression(
        f64(x, n),
        { slope: wanted(slope, n), rsquare: wanted(rsquare, n), residual: wanted(residual, n) },
        n,
        w,
      ),
    expandingRegression: (x, slope, rsquare, residual, n) =>
      regressions.expandingRegression(
        f64(x, n),
        { slope: wanted(slope, n), rsquare: wanted(rsquare, n), residual: wanted(residual, n) },
        n,
      ),
    dropFlat: (x, deviation, out, n) => regressions.dropFlat(f64(x, n), f64(deviation, n), f64(out, n), n),
    exponentialMean: (x, out, n, alpha) => weighted.exponentialMean(f64(x, n), f64(out, n), n, alpha),
    spanMean: (x, out, n, span) => weighted.spanMean(f64(x, n), f64(out, n), n, span),
    expandingEma: (x, out, n, work) => weighted.expandingEma(f64(x, n), f64(out, n), n, f64(work, n)),
    mad: (x, out, n, w, work) => weighted.rollingMad(f64(x, n), f64(out, n), n, w, f64(work, n)),
    wma: (x, out, n, w, work) => weighted.rollingWma(f64(x, n), f64(out, n), n, w, f64(work, n)),
    covariance: (x, y, out, n, w, work) =>
      pairs.rollingCovariance(f64(x, n), f64(y, n), f64(out, n), n, w, f64(work, 3 * n)),
    normalize: (out, a, b, n) => pairs.normalize(f64(out, n), f64(a, n), f64(b, n), n),
    equal: (x, y, n) => pairs.equalColumns(f64(x, n), f64(y, n), n),
  };
  return kernels;
}
