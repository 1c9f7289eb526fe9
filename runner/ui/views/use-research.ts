import { get, type Loaded, useLoaded } from '../api.ts';
import type { Research } from '../types.ts';

const known = new Map<string, Promise<Research>>();

/** Series for the charts of a run; the tabs share them. */
export function useResearch(runId: string): Loaded<Research> {
  return useLoaded(runId, () => {
    let research = known.get(runId);
    if (!research) {
      research = get<Research>(`runs/${encodeURIComponent(runId)}/research`);
      research.catch(() => known.delete(runId));
      known.set(runId, research);
      // A run that goes on has more to show after a while.
      setTimeout(() => known.delete(runId), 30_000);
    }
    return research;
  });
}
