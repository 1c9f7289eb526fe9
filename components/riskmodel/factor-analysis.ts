import { invertSymmetric } from './invert.ts';
import { mapMatrix, product, sumOf, transposed } from './matrix.ts';
import { principalComponents } from './principal-components.ts';
import type { DenseMatrix } from './types.ts';

const tolerance = 1e-2;
const mostRounds = 1000;
const small = 1e-12;

/** A factor model's loadings `(factors, variables)` and the factors' values `(observations, factors)`. */
export interface FactorFit {
  readonly loadings: DenseMatrix;
  readonly scores: DenseMatrix;
}

/**
 * Factor analysis by maximum likelihood: x = W'z + noise with a variance for each variable, found by turns of a singular value
 * decomposition and an update of the noise until the log likelihood gains less than 0.01 (Barber, Bayesian Reasoning and Machine
 * Learning, 21.2; scikit-learn `FactorAnalysis`, whose decomposition is a random approximation of ours).
 * @param x `(observations, variables)`, with mean 0
 */
export function factorAnalysis(x: DenseMatrix, factors: number): FactorFit {
  const n = x.rows;
  const variance = columnSquares(x).map((v) => v / n);
  let noise = new Float64Array(x.columns).fill(1);
  let loadings: DenseMatrix = { rows: 0, columns: x.columns, values: new Float64Array(0) };
  let last = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < mostRounds; round++) {
    const deviation = noise.map((v) => Math.sqrt(v) + small);
    const scaled = mapMatrix(x, (v, _, j) => v / (deviation[j]! * Math.sqrt(n)));
    const { variances, components } = principalComponents(scaled, factors);
    loadings = mapMatrix(
      components,
      (v, k, j) => Math.sqrt(Math.max(0, variances[k]! - 1)) * v * deviation[j]!,
    );
    const unexplained = sumOf(scaled.values.map((v) => v * v)) - sumOf(variances);
    const constant = x.columns * Math.log(2 * Math.PI) + factors;
    const likelihood =
      (constant + sumOf(variances.map(Math.log)) + unexplained + sumOf(noise.map(Math.log))) * (-n / 2);
    if (likelihood - last < tolerance) break;
    last = likelihood;
    const explained = columnSquares(loadings);
    noise = variance.map((v, j) => Math.max(v - explained[j]!, small));
  }
  return { loadings, scores: factorScores(x, loadings, noise) };
}

/** Expected factors: x Psi^-1 W' (I + W Psi^-1 W')^-1. */
function factorScores(x: DenseMatrix, loadings: DenseMatrix, noise: Float64Array): DenseMatrix {
  const weighted = mapMatrix(loadings, (v, _, j) => v / noise[j]!);
  const precision = mapMatrix(product(weighted, transposed(loadings)), (v, i, j) => v + (i === j ? 1 : 0));
  return product(product(x, transposed(weighted)), invertSymmetric(precision));
}

/** Sums of squares by column. */
function columnSquares(x: DenseMatrix): Float64Array {
  const out = new Float64Array(x.columns);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) out[j]! += x.values[at]! ** 2;
  return out;
}
