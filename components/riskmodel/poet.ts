import type { Definition } from '../core/registry.ts';
import { crossProduct, diagonalOf, mapMatrix, product, transposed, zeros } from './matrix.ts';
import { prepareObservations, type RiskModelOptions, riskModelProperties } from './observations.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import type { DenseMatrix, RiskModel } from './types.ts';

export interface POETOptions extends RiskModelOptions {
  /** Principal components that are kept as they are; 0: none. Default 0. */
  readonly num_factors?: number;
  /** Threshold by the rate at which correlations of noise fall. Default 1. */
  readonly thresh?: number;
  readonly thresh_method?: 'soft' | 'hard' | 'scad';
}

/**
 * Principal orthogonal complement thresholding: the covariance of the first components, plus that of the residuals with correlations
 * below a threshold set to 0 (`hard`), drawn towards 0 (`soft`), or both (`scad`). Fan, Liao, Mincheva (2013), J. R. Stat. Soc. B
 * 75, 603-680; qlib `POETCovEstimator`.
 */
function poet(data: Parameters<RiskModel['covariance']>, options: POETOptions): DenseMatrix {
  const { num_factors = 0, thresh = 1, thresh_method = 'soft' } = options;
  const { x } = prepareObservations(data[0], options, data[1]);
  const [n, p] = [x.rows, x.columns];
  let residual = x;
  let common = zeros(p, p);
  let rate = Math.sqrt(Math.log(p) / n);
  if (num_factors > 0) {
    const { vectors } = symmetricEigen(crossProduct(transposed(x), transposed(x)));
    const count = Math.min(num_factors, n);
    const factors = {
      rows: count,
      columns: n,
      values: vectors.values.slice(0, count * n).map((v) => v * Math.sqrt(n)),
    };
    const loadings = mapMatrix(product(factors, x), (v) => v / n); // (factors, variables)
    const explained = crossProduct(factors, loadings);
    residual = mapMatrix(x, (v, i, j) => v - explained.values[i * p + j]!);
    common = crossProduct(loadings, loadings);
    rate = 1 / Math.sqrt(p) + Math.sqrt(Math.log(p) / n);
  }
  const noise = mapMatrix(crossProduct(residual, residual), (v) => v / n);
  const deviation = diagonalOf(noise).map(Math.sqrt);
  const limit = rate * thresh;
  return mapMatrix(noise, (v, i, j) => {
    const scale = deviation[i]! * deviation[j]!;
    const kept = i === j ? 1 : shrunk(v / scale, limit, thresh_method);
    return kept * scale + common.values[i * p + j]!;
  });
}

function shrunk(r: number, limit: number, method: 'soft' | 'hard' | 'scad'): number {
  const size = Math.abs(r);
  const soft = Math.sign(r) * Math.max(0, size - limit);
  if (method === 'soft') return soft;
  if (method === 'hard') return size > limit ? r : 0;
  if (size < 2 * limit) return soft;
  return size < 3.7 * limit ? (2.7 * r - 3.7 * Math.sign(r) * limit) / 1.7 : r;
}

export const POETCovEstimator: Definition<RiskModel, POETOptions> = {
  name: 'POETCovEstimator',
  schema: {
    type: 'object',
    properties: {
      ...riskModelProperties,
      num_factors: { type: 'integer', minimum: 0 },
      thresh: { type: 'number', minimum: 0 },
      thresh_method: { enum: ['soft', 'hard', 'scad'] },
    },
    additionalProperties: false,
  },
  create: (options) => ({ covariance: (...data) => poet(data, options) }),
};
