import { UserError } from '../../../components/core/errors.ts';
import type { FoundComponent } from '../check-component.ts';

/** A strategy that drops more instruments than it holds. */
export function checkStrategy({ kwargs, kwargsPath }: FoundComponent): UserError[] {
  const { topk, n_drop } = kwargs;
  if (typeof topk !== 'number' || typeof n_drop !== 'number' || !(topk >= 1) || n_drop <= topk) return [];
  return [
    new UserError(`n_drop must be at most topk (${topk}), got ${n_drop}`, {
      hint: 'no more instruments can be dropped than are held',
      path: [...kwargsPath, 'n_drop'],
    }),
  ];
}
