import { diagonalOf, mapMatrix, sumOf } from './matrix.ts';
import type { Observations } from './observations.ts';
import type { ShrinkTarget } from './shrink-intensity.ts';
import type { DenseMatrix } from './types.ts';

/**
 * What a sample covariance is drawn towards: `const_var` the mean variance and no correlation; `const_corr` the sample's variances and the mean
 * correlation; `single_factor` the sample's variances and the covariances of a market model, the market being the mean of the variables.
 */
export function shrinkTarget(
  target: ShrinkTarget,
  observations: Observations,
  sample: DenseMatrix,
): DenseMatrix {
  const variance = diagonalOf(sample);
  const n = variance.length;
  if (target === 'const_var') {
    const mean = sumOf(variance) / n;
    return mapMatrix(sample, (_, i, j) => (i === j ? mean : 0));
  }
  if (target === 'const_corr') {
    const deviation = variance.map(Math.sqrt);
    const mean = meanCorrelation(sample);
    return mapMatrix(sample, (_, i, j) => (i === j ? variance[i]! : mean * deviation[i]! * deviation[j]!));
  }
  const { covariance, variance: marketVariance } = marketMoments(observations);
  return mapMatrix(sample, (_, i, j) =>
    i === j ? variance[i]! : (covariance[i]! * covariance[j]!) / marketVariance,
  );
}

/** Mean of the correlations of different variables. */
export function meanCorrelation(sample: DenseMatrix): number {
  const deviation = diagonalOf(sample).map(Math.sqrt);
  const n = deviation.length;
  const sum = sumOf(mapMatrix(sample, (s, i, j) => s / (deviation[i]! * deviation[j]!)).values);
  return (sum - n) / (n * (n - 1));
}

/** The market's return by observation, its variance, and the covariance of each variable with it. */
export function marketMoments({ x, seen }: Observations): {
  returns: Float64Array;
  variance: number;
  covariance: Float64Array;
} {
  const returns = new Float64Array(x.rows);
  for (let t = 0; t < x.rows; t++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < x.columns; i++) {
      const value = x.values[t * x.columns + i]!;
      if (Number.isNaN(value) || (seen && seen.values[t * x.columns + i] === 0)) continue;
      sum += value;
      count++;
    }
    returns[t] = sum / count;
  }
  const covariance = new Float64Array(x.columns);
  let variance = 0;
  for (let t = 0; t < x.rows; t++) {
    variance += (returns[t]! * returns[t]!) / x.rows;
    for (let i = 0; i < x.columns; i++)
      covariance[i]! += (x.values[t * x.columns + i]! * returns[t]!) / x.rows;
  }
  return { returns, variance, covariance };
}
