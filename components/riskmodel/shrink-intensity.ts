import { crossProduct, diagonalOf, mapMatrix, sumOf } from './matrix.ts';
import type { Observations } from './observations.ts';
import { marketMoments, meanCorrelation } from './shrink-target.ts';
import type { DenseMatrix } from './types.ts';

export type ShrinkTarget = 'const_var' | 'const_corr' | 'single_factor';

/**
 * Weight of `const_var` by the oracle approximating shrinkage, as qlib has it: (1 - 2/p) (tr S^2 + tr^2 S) / ((n + 1 - 2/p) (tr S^2 + tr^2 S / p)).
 * Chen, Wiesel, Eldar, Hero (2010), IEEE Trans. Signal Process. 58, 5016-5029, where two of the signs are others.
 */
export function oracleApproximating({ rows: n, columns: p }: DenseMatrix, sample: DenseMatrix): number {
  const squares = sumOf(sample.values.map((s) => s * s));
  const trace = sumOf(diagonalOf(sample)) ** 2;
  return ((1 - 2 / p) * (squares + trace)) / ((n + 1 - 2 / p) * (squares + trace / p));
}

/**
 * Weight of a target by Ledoit and Wolf: (phi - rho) / gamma / n, cut to [0, 1]; phi sums the variances of the sample covariances, rho their
 * covariances with the target, gamma the squares of what lies between sample and target. Journal of Multivariate Analysis 88 (2004)
 * 365-411, Journal of Portfolio Management 30 (2004) 110-119, Journal of Empirical Finance 10 (2003) 603-621.
 */
export function ledoitWolf(
  target: ShrinkTarget,
  observations: Observations,
  sample: DenseMatrix,
  goal: DenseMatrix,
): number {
  const { x } = observations;
  const squares = mapMatrix(x, (v) => v * v);
  const n = x.rows;
  const phis = mapMatrix(
    crossProduct(squares, squares),
    (v, i, j) => v / n - sample.values[i * sample.columns + j]! ** 2,
  );
  const gamma = sumOf(mapMatrix(sample, (s, i, j) => (s - goal.values[i * goal.columns + j]!) ** 2).values);
  const rho =
    target === 'const_var'
      ? 0
      : sumOf(diagonalOf(phis)) +
        (target === 'const_corr' ? rhoOfCorrelation(x, sample) : rhoOfMarket(observations, squares, sample));
  return Math.max(0, Math.min(1, (sumOf(phis.values) - rho) / gamma / n));
}

/** Sum over i != j of r sqrt(s_jj / s_ii) theta_ij, theta_ij the covariance of s_ii and s_ij. */
function rhoOfCorrelation(x: DenseMatrix, sample: DenseMatrix): number {
  const variance = diagonalOf(sample);
  const theta = crossProduct(
    mapMatrix(x, (v) => v * v * v),
    x,
  );
  let sum = 0;
  for (let i = 0; i < variance.length; i++)
    for (let j = 0; j < variance.length; j++) {
      if (i === j) continue;
      const at = i * variance.length + j;
      sum +=
        Math.sqrt(variance[j]! / variance[i]!) *
        (theta.values[at]! / x.rows - variance[i]! * sample.values[at]!);
    }
  return meanCorrelation(sample) * sum;
}

/** Covariances of the sample with the market model, off the diagonal. */
function rhoOfMarket(observations: Observations, squares: DenseMatrix, sample: DenseMatrix): number {
  const { x } = observations;
  const { returns, variance, covariance } = marketMoments(observations);
  const withMarket = mapMatrix(x, (v, t) => v * returns[t]!);
  const first = crossProduct(squares, withMarket);
  const third = crossProduct(withMarket, withMarket);
  let one = 0;
  let three = 0;
  for (let i = 0; i < x.columns; i++)
    for (let j = 0; j < x.columns; j++) {
      if (i === j) continue;
      const at = i * x.columns + j;
      one += (first.values[at]! / x.rows - covariance[i]! * sample.values[at]!) * covariance[j]!;
      three += (third.values[at]! / x.rows - variance * sample.values[at]!) * covariance[i]! * covariance[j]!;
    }
  return (2 * one) / variance - three / variance ** 2;
}
