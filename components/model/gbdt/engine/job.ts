/**
 * Records in the shared memory that kernels read and write.
 *
 * The job of one step: float64 values at these places. A child that is to be evaluated has its sums, its number of rows, its output
 * (what path smoothing pulls towards), a histogram, flags of features that can still be split, a mask of allowed features, and what not every
 * training has: bounds of outputs, costs of splits, the only thresholds to look at.
 */
export const Job = {
  lambdaL1: 0,
  lambdaL2: 1,
  maxDeltaStep: 2,
  pathSmooth: 3,
  minGain: 4,
  minRows: 5,
  minHessian: 6,
  features: 7,
  /** Address of one byte a feature: 1 where histograms are wanted. */
  active: 8,
  smaller: 9,
  larger: 20,
  size: 31,
} as const;

/** A child within the job, relative to `Job.smaller` or `Job.larger`. */
export const Child = {
  gradient: 0,
  hessian: 1,
  rows: 2,
  output: 3,
  /** Address of the compact histogram, 0 where there is no such child. */
  histogram: 4,
  splittable: 5,
  allowed: 6,
  /**
   * Address of two float64 a feature: smallest and largest output, where sides have an order by `Feature.monotone`; NaN: the feature is not looked at.
   * 0: no bounds.
   */
  bounds: 7,
  /** What gains of monotone features are multiplied with, after the cost is taken off. */
  penalty: 8,
  /** Taken off every gain. */
  cost: 9,
  /** Address of one int32 a feature, the only threshold to look at; 0: all. */
  only: 10,
  size: 11,
} as const;

/** A feature: int32 values, its gain factor as float64, then int32 again. */
export const Feature = {
  bins: 0,
  mostFrequent: 1,
  default: 2,
  missing: 3,
  /** Index among all columns. */
  column: 4,
  /** First entry in a compact histogram. */
  start: 5,
  penalty: 6,
  /** 1 where the kernels find its splits, 0 where grow/special-splits.ts does. */
  plain: 8,
  /** 1 where the right side must not be lower, -1 where it must not be higher, else 0. */
  monotone: 9,
  size: 10,
} as const;

/** The best split of one child: float64 values. */
export const Found = {
  gain: 0,
  /** Index among all columns; -1: none. */
  column: 1,
  /** Index among the used features. */
  feature: 2,
  threshold: 3,
  leftGradient: 4,
  /** With the epsilon that LightGBM adds while it scans. */
  leftHessian: 5,
  leftRows: 6,
  defaultLeft: 7,
  size: 8,
} as const;

/** Bytes of one feature's histogram in the scratch memory. */
export const scratchBytes = 4096;
