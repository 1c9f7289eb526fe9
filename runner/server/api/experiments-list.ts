import { searchOptions } from '../mlflow/experiments.ts';
import type { ApiRoute } from './api-route.ts';

export const experimentsRoute: ApiRoute = {
  method: 'POST',
  path: 'experiments/search',
  summary: 'Experiments with how many runs each has and when the last began',
  parameters: [
    { name: 'filter', type: 'string', description: 'in the search language of MLflow' },
    { name: 'view_type', type: 'string', description: 'ACTIVE_ONLY, DELETED_ONLY or ALL' },
  ],
  async handle(fields, { store, runCounts }) {
    const { items } = await store.searchExperiments({
      ...searchOptions(fields, 'view_type'),
      maxResults: 5000,
    });
    const experiments: object[] = [];
    for (const info of items) {
      const isCounted = items.length <= 200 || runCounts !== undefined;
      const counts = isCounted ? await countOf(info.experimentId, store, runCounts) : null;
      experiments.push({
        id: info.experimentId,
        name: info.name,
        stage: info.lifecycleStage,
        created: info.creationTime,
        updated: info.lastUpdateTime,
        tags: Object.fromEntries(info.tags),
        ...counts,
      });
    }
    return { experiments };
  },
};

async function countOf(
  id: string,
  store: Parameters<ApiRoute['handle']>[1]['store'],
  runCounts: Parameters<ApiRoute['handle']>[1]['runCounts'],
): Promise<{ runs: number | null; last: number | null }> {
  if (runCounts) return runCounts(id);
  const page = await store.searchRuns([id], { view: 'ALL', maxResults: 1 });
  return {
    runs: page.nextPageToken === null ? page.items.length : null,
    last: page.items[0]?.info.startTime ?? null,
  };
}
