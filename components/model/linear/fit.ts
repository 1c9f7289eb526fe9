import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Center, Design } from './design.ts';
import { lasso } from './lasso.ts';
import { leastSquares } from './least-squares.ts';
import { computeMoments, type Moments } from './moments.ts';
import { nonNegativeLeastSquares } from './nnls.ts';
import { reduceToTriangle } from './orthogonal.ts';
import { ridge } from './ridge.ts';
import { singleRidge } from './single/ridge.ts';

export type Estimator = 'ols' | 'nnls' | 'ridge' | 'lasso';

export interface LinearTask {
  readonly estimator: Estimator;
  readonly alpha: number;
  readonly intercept: boolean;
  /** Threads that qlib's linear algebra would use: they decide how float32 sums are rounded (ridge only). */
  readonly threads: number;
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
  const { estimator, alpha, intercept, threads } = task;
  if (estimator === 'ridge' && alpha > 0 && design.single) {
    const found = singleRidge(design, alpha, intercept, threads);
    if (found) return withIntercept(design, found.coef, found.center);
    log.info('ridge: not positive definite in float32, computed in float64');
  }
  const moments = computeMoments(design, intercept);
  const coef = solve(design, moments, task, log);
  return withIntercept(design, coef, intercept ? { x: moments.xMean, y: moments.yMean } : null);
}

function withIntercept({ single, columns }: Design, exact: Float64Array, center: Center | null): LinearFit {
  const coef = single ? exact.map(Math.fround) : exact;
  const intercept = center ? coef.reduce((rest, w, j) => rest - w * center.x[j]!, center.y) : 0;
  return { columns, coef, intercept: single ? Math.fround(intercept) : intercept, single };
}

function solve(design: Design, moments: Moments, { estimator, alpha }: LinearTask, log: Log): Float64Array {
  if (estimator === 'ols') return leastSquares(design, moments);
  if (estimator === 'ridge') return ridge(design, moments, alpha);
  if (alpha === 0) log.warn('lasso with alpha 0 converges badly: take the estimator ols');
  const weightSum = design.weights()?.reduce((sum, w) => sum + w, 0);
  const { coef, rounds, converged } = lasso(moments, alpha, weightSum);
  if (converged) log.info(`lasso: ${rounds} rounds`);
  else log.warn(`lasso did not converge in ${rounds} rounds: take a greater alpha, or normalised features`);
  return coef;
}

/** The intercept of nnls is one more coefficient, not negative either. */
function fitNonNegative(design: Design, intercept: boolean): LinearFit {
  if (design.weights())
    throw new UserError('nnls knows no row weights', { hint: 'leave the reweighter out, or take ridge' });
  const w = nonNegativeLeastSquares(reduceToTriangle(design, intercept));
  const p = design.features;
  return {
    columns: design.columns,
    coef: w.slice(0, p),
    intercept: intercept ? w[p]! : 0,
    single: false,
  };
}
