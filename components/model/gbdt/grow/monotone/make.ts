import type { Params } from '../../params/resolve.ts';
import { AdvancedConstraints } from './advanced.ts';
import { BasicConstraints } from './basic.ts';
import { IntermediateConstraints } from './intermediate.ts';
import type { LeafConstraints } from './leaf-constraints.ts';

/** The constraints that `monotone_constraints` asks for, null for none. `bins`: of each column. */
export function makeConstraints(params: Params, bins: readonly number[]): LeafConstraints | null {
  const { monotone_constraints: monotone, monotone_constraints_method: method } = params;
  if (monotone.length === 0) return null;
  if (method === 'advanced') return new AdvancedConstraints(monotone, bins);
  return method === 'intermediate' ? new IntermediateConstraints(monotone) : new BasicConstraints(monotone);
}
