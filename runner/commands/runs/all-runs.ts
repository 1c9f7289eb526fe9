import type { SearchOptions, TrackingStore } from '../../../records/tracking/store.ts';
import type { ExperimentInfo, Run, ViewType } from '../../../records/tracking/types.ts';

const pageSize = 1000;

/** All experiments in the view, page by page. */
export async function allExperiments(store: TrackingStore, view: ViewType): Promise<ExperimentInfo[]> {
  const found: ExperimentInfo[] = [];
  let pageToken: string | undefined;
  do {
    const page = await store.searchExperiments({ view, maxResults: pageSize, pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return found;
}

export interface FoundRuns {
  readonly runs: readonly Run[];
  /** There are more than `limit`. */
  readonly hasMore: boolean;
}

/** Runs of the experiments, at most `limit`. */
export async function searchAll(
  store: TrackingStore,
  experiments: readonly ExperimentInfo[],
  { limit, ...options }: Omit<SearchOptions, 'maxResults' | 'pageToken'> & { readonly limit: number },
): Promise<FoundRuns> {
  const runs: Run[] = [];
  if (experiments.length === 0) return { runs, hasMore: false };
  const ids = experiments.map((e) => e.experimentId);
  let pageToken: string | undefined;
  do {
    const maxResults = Math.min(pageSize, limit - runs.length);
    const page = await store.searchRuns(ids, { ...options, maxResults, pageToken });
    runs.push(...page.items);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined && runs.length < limit);
  return { runs, hasMore: pageToken !== undefined };
}
