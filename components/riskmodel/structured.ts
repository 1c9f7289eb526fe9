import type { Definition } from '../core/registry.ts';
import { type FactorFit, factorAnalysis } from './factor-analysis.ts';
import { crossProduct, mapMatrix, product, transposed } from './matrix.ts';
import { prepareObservations, type RiskModelOptions, riskModelProperties } from './observations.ts';
import { principalComponents } from './principal-components.ts';
import type { DenseMatrix, FactorRisk, RiskModel } from './types.ts';

export interface StructuredOptions extends Omit<RiskModelOptions, 'nan_option'> {
  /** Missing returns count as 0: the only way. */
  readonly nan_option?: 'fill';
  /** Principal components, or factor analysis. Default pca. */
  readonly factor_model?: 'pca' | 'fa';
  /** Default 10. */
  readonly num_factors?: number;
}

/**
 * F cov(B) F' + diag(var(U)) with returns X = B F' + U, the factors F found in the returns themselves. cov takes one degree of freedom off, var
 * none (qlib `StructuredCovEstimator`).
 */
function decompose(
  x: DenseMatrix,
  { factor_model = 'pca', num_factors = 10 }: StructuredOptions,
): FactorRisk {
  const centred = withoutMeans(x);
  const count = Math.min(num_factors, x.rows, x.columns);
  const { loadings, scores } = factor_model === 'pca' ? pca(centred, count) : factorAnalysis(centred, count);
  const explained = product(scores, loadings);
  const residual = withoutMeans(mapMatrix(x, (v, i, j) => v - explained.values[i * x.columns + j]!));
  const residualVariance = new Float64Array(x.columns);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) residualVariance[j]! += residual.values[at]! ** 2 / x.rows;
  const deviations = withoutMeans(scores);
  const factorCovariance = mapMatrix(crossProduct(deviations, deviations), (v) => v / (x.rows - 1));
  return { exposure: transposed(loadings), factorCovariance, residualVariance };
}

function pca(x: DenseMatrix, count: number): FactorFit {
  const { components } = principalComponents(x, count);
  return { loadings: components, scores: product(x, transposed(components)) };
}

function withoutMeans(x: DenseMatrix): DenseMatrix {
  const means = new Float64Array(x.columns);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) means[j]! += x.values[at]! / x.rows;
  return mapMatrix(x, (v, _, j) => v - means[j]!);
}

/** F C F' + diag(u). */
export function composed({ exposure, factorCovariance, residualVariance }: FactorRisk): DenseMatrix {
  const common = product(product(exposure, factorCovariance), transposed(exposure));
  return mapMatrix(common, (v, i, j) => (i === j ? v + residualVariance[i]! : v));
}

export const StructuredCovEstimator: Definition<RiskModel, StructuredOptions> = {
  name: 'StructuredCovEstimator',
  schema: {
    type: 'object',
    properties: {
      ...riskModelProperties,
      nan_option: { enum: ['fill'] },
      factor_model: { enum: ['pca', 'fa'] },
      num_factors: { type: 'integer', minimum: 1 },
    },
    additionalProperties: false,
  },
  create(options) {
    const given = { ...options, nan_option: 'fill' as const };
    const parts: NonNullable<RiskModel['decompose']> = (data, request) =>
      decompose(prepareObservations(data, given, request).x, options);
    return { decompose: parts, covariance: (data, request) => composed(parts(data, request)) };
  },
};
