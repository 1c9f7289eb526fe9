import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Design } from './design.ts';
import { lasso } from './lasso.ts';
import { leastSquares } from './least-squares.ts';
import { computeMoments, type Moments } from './moments.ts';
import { nonNegativeLeastSquares } from './nnls.ts';
import { reduceToTriangle } from './orthogonal.ts';
import { ridge } from './ridge.ts';

export type Estimator = 'ols' | 'nnls' | 'ridge' | 'lasso';

export interface LinearTask {
  readonly estimator: Estimator;
  readonly alpha: number;
  readonly intercept: boolean;
}

export interface LinearFit {
  readonly columns: readonly { readonly group: string | null; readonly name: string }[];
  readonly coef: Float64Array;
  readonly intercept: number;
  /** Predictions are float32. */
  readonly single: boolean;
}

/** Fits one of the four estimators; coefficients are rounded to float32 where qlib's are. */
export function fitLinear(design: Design, task: LinearTask, log: Log): LinearFit {
  if (task.estimator === 'nnls') return fitNonNegative(design, task.intercept);
  const moments = computeMoments(design, task.intercept);
  const exact = solve(design, moments, task, log);
  const { single, columns } = design;
  const coef = single ? exact.map(Math.fround) : exact;
  let intercept = 0;
  if (task.intercept) {
    intercept = moments.yMean;
    for (let j = 0; j < coef.length; j++) intercept -= coef[j]! * moments.xMean[j]!;
  }
  return { columns, coef, intercept: single ? Math.fround(intercept) : intercept, single };
}

function solve(design: Design, moments: Moments, { estimator, alpha }: LinearTask, log: Log): Float64Array {
  if (estimator === 'ols') return leastSquares(design, moments);
  if (estimator === 'ridge') return ridge(design, moments, alpha);
  if (alpha === 0) log.warn('lasso with alpha 0 converges badly: take the estimator ols');
  const { coef, rounds, converged } = lasso(moments, alpha, design.weighted ? design.weightSum() : undefined);
  if (converged) log.info(`lasso: ${rounds} rounds`);
  else log.warn(`lasso did not converge in ${rounds} rounds: take a greater alpha, or normalised features`);
  return coef;
}

/** The intercept of nnls is one more coefficient, not negative either. */
function fitNonNegative(design: Design, withIntercept: boolean): LinearFit {
  if (design.weighted)
    throw new UserError('nnls knows no row weights', { hint: 'leave the reweighter out, or take ridge' });
  const w = nonNegativeLeastSquares(reduceToTriangle(design, withIntercept));
  const p = design.features;
  return {
    columns: design.columns,
    coef: w.slice(0, p),
    intercept: withIntercept ? w[p]! : 0,
    single: false,
  };
}
