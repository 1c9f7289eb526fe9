import { UserError } from '../../../core/errors.ts';
import type { Params } from '../params/resolve.ts';
import { binary } from './binary.ts';
import { l2 } from './l2.ts';
import type { MakeObjective, Objective, ObjectiveData } from './objective.ts';

const objectives: Readonly<Record<string, MakeObjective>> = {
  regression: l2,
  binary,
};

/** The objective that `params.objective` names. @throws UserError for those that are not supported yet. */
export function makeObjective(params: Params, data: ObjectiveData): Objective {
  const make = objectives[params.objective];
  if (!make)
    throw new UserError(`objective "${params.objective}" is not supported`, {
      hint: `allowed: ${Object.keys(objectives).join(', ')}`,
      path: ['objective'],
    });
  return make(params, data);
}
