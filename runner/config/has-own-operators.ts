import type { OperatorSet } from '../../components/data/expression/operator-set.ts';
import { isMapping } from './spec.ts';
import type { Workflow } from './types.ts';

/** Does `qlib_init.custom_ops` name any? */
export function hasOwnOperators({ config }: Pick<Workflow, 'config'>): boolean {
  const init = config['qlib_init'];
  return isMapping(init) && (init['custom_ops'] ?? null) !== null;
}

/** `operatorsOf`, with its code loaded only for workflows that have operators of their own; undefined for others. @throws UserErrors */
export async function operatorsWhereNamed(workflow: Workflow): Promise<OperatorSet | undefined> {
  return hasOwnOperators(workflow) ? (await import('./user-operators.ts')).operatorsOf(workflow) : undefined;
}
