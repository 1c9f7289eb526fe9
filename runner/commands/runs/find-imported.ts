import { isRunId } from '../../../records/tracking/names.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { allExperiments, searchAll } from './all-runs.ts';
import { importedTag } from './imported-tag.ts';

/** Copies of the run of that id which got another id from a server; newest first. */
export async function findImported(store: TrackingStore, runId: string): Promise<readonly Run[]> {
  if (!isRunId(runId)) return [];
  const { runs } = await searchAll(store, await allExperiments(store, 'ALL'), {
    view: 'ALL',
    limit: Number.POSITIVE_INFINITY,
    filter: `tags."${importedTag}" = '${runId}'`,
    orderBy: ['attributes.start_time DESC'],
  });
  return runs;
}
