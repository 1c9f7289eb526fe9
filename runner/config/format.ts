import type { UserError } from '../../components/core/errors.ts';
import type { Workflow } from './types.ts';

/** `file:line:column (key.path): problem`, the hint on the next line; sorted by place. */
export function formatErrors(_errors: readonly UserError[], _workflow: Workflow): string {
  throw new Error('under construction');
}
