/** A dense matrix, row by row: `values[row * columns + column]`. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A covariance in parts: F C F' + diag(u). */
export interface FactorRisk {
  /** F: `(variables, factors)`. */
  readonly exposure: DenseMatrix;
  /** C: `(factors, factors)`. */
  readonly factorCovariance: DenseMatrix;
  /** u: `(variables)`. */
  readonly residualVariance: Float64Array;
}

/** How the data given to a risk model are to be read. */
export interface RiskRequest {
  /** Prices, whose changes are taken. Default true; else returns. */
  readonly isPrice?: boolean;
}

/** Estimates how instruments move together: qlib's RiskModel (model/riskmodel). Data are `(observations, variables)`. */
export interface RiskModel {
  /** Covariance of the variables; with `scale_return`, of returns in percent. */
  covariance(data: DenseMatrix, request?: RiskRequest): DenseMatrix;
  /** The covariance in parts; absent where the model has none. */
  decompose?(data: DenseMatrix, request?: RiskRequest): FactorRisk;
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    riskModel: RiskModel;
  }
}
