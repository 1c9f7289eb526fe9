import { UserError } from '../../../core/errors.ts';
import type { Params } from '../params/resolve.ts';
import { binary } from './binary.ts';
import { l1, mape, quantile } from './by-percentile.ts';
import { l2 } from './l2.ts';
import { multiclass, multiclassOva } from './multiclass.ts';
import type { MakeObjective, Objective, ObjectiveData } from './objective.ts';
import { crossEntropy, crossEntropyLambda, fair, gamma, huber, poisson, tweedie } from './pointwise.ts';
import { lambdarank, rankXendcg } from './ranking.ts';

const objectives: Readonly<Record<string, MakeObjective>> = {
  regression: l2,
  regression_l1: l1,
  huber,
  fair,
  poisson,
  quantile,
  mape,
  gamma,
  tweedie,
  binary,
  multiclass,
  multiclassova: multiclassOva,
  cross_entropy: crossEntropy,
  cross_entropy_lambda: crossEntropyLambda,
  lambdarank,
  rank_xendcg: rankXendcg,
};

/** The objective that `params.objective` names. @throws UserError for data that do not fit it, and for `custom`. */
export function makeObjective(params: Params, data: ObjectiveData): Objective {
  const make = objectives[params.objective];
  if (!make)
    throw new UserError(`objective "${params.objective}" is not supported`, {
      hint: `allowed: ${Object.keys(objectives).join(', ')}`,
      path: ['objective'],
    });
  return make(params, data);
}
