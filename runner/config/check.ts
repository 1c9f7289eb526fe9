import type { CatalogueEntry } from '../../components/core/registry.ts';
import type { Findings, Workflow } from './types.ts';

/** All mistakes that can be seen without data. */
export async function checkWorkflow(
  _workflow: Workflow,
  _catalogue: readonly CatalogueEntry[],
): Promise<Findings> {
  throw new Error('under construction');
}
