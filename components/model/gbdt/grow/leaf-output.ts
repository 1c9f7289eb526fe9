/** How a leaf's value follows from its sums. */
export interface LeafRules {
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly maxDeltaStep: number;
  readonly pathSmooth: number;
}

/** The sum of gradients pulled towards zero by lambda_l1. */
export function thresholdL1(gradient: number, l1: number): number {
  const rest = Math.max(0, Math.abs(gradient) - l1);
  return gradient > 0 ? rest : gradient < 0 ? -rest : 0;
}

/**
 * The leaf's value: -g / (h + lambda_l2) after lambda_l1, at most max_delta_step, pulled towards `parentOutput` the more the fewer
 * rows there are. Source: LightGBM `CalculateSplittedLeafOutput` (src/treelearner/feature_histogram.hpp).
 */
export function leafOutput(
  rules: LeafRules,
  gradient: number,
  hessian: number,
  rows: number,
  parentOutput: number,
): number {
  const { lambdaL1, lambdaL2, maxDeltaStep, pathSmooth } = rules;
  let value = -(lambdaL1 > 0 ? thresholdL1(gradient, lambdaL1) : gradient) / (hessian + lambdaL2);
  if (maxDeltaStep > 0 && Math.abs(value) > maxDeltaStep) value = value > 0 ? maxDeltaStep : -maxDeltaStep;
  if (pathSmooth > 0) {
    const weight = rows / pathSmooth;
    value = (value * weight) / (weight + 1) + parentOutput / (weight + 1);
  }
  return value;
}

/** What a leaf saves of the loss: (g after lambda_l1)^2 / (h + lambda_l2), or the same by way of its bounded, smoothed value. */
export function leafGain(
  rules: LeafRules,
  gradient: number,
  hessian: number,
  rows: number,
  parentOutput: number,
): number {
  const { lambdaL1, lambdaL2, maxDeltaStep, pathSmooth } = rules;
  if (maxDeltaStep > 0 || pathSmooth > 0)
    return gainOfOutput(rules, gradient, hessian, leafOutput(rules, gradient, hessian, rows, parentOutput));
  const g = lambdaL1 > 0 ? thresholdL1(gradient, lambdaL1) : gradient;
  return (g * g) / (hessian + lambdaL2);
}

/** What a leaf of a certain value saves of the loss. */
export function gainOfOutput(
  { lambdaL1, lambdaL2 }: LeafRules,
  gradient: number,
  hessian: number,
  value: number,
): number {
  const g = lambdaL1 > 0 ? thresholdL1(gradient, lambdaL1) : gradient;
  return -(2 * g * value + (hessian + lambdaL2) * value * value);
}
