import type { TrackingStore } from '../../../records/tracking/store.ts';
import { searchOptions } from '../mlflow/experiments.ts';
import type { ApiRoute } from './api-route.ts';
import { totalOf } from './total.ts';

/** Above that numbers of runs would take too long. */
const mostCounted = 200;

export const experimentsRoute: ApiRoute = {
  method: 'POST',
  path: 'experiments/search',
  summary: 'Experiments with how many runs each has and when the last began',
  parameters: [
    { name: 'filter', type: 'string', description: 'in the search language of MLflow' },
    { name: 'view_type', type: 'string', description: 'ACTIVE_ONLY, DELETED_ONLY or ALL' },
  ],
  async handle(fields, { store }) {
    const { items } = await store.searchExperiments({
      ...searchOptions(fields, 'view_type'),
      maxResults: 5000,
    });
    const experiments: object[] = [];
    for (const info of items) {
      const isCounted = items.length <= mostCounted;
      const counts = isCounted ? await countOf(info.experimentId, store) : null;
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
  store: TrackingStore,
): Promise<{ runs: number | null; last: number | null }> {
  const options = { view: 'ALL', maxResults: 1 } as const;
  const page = await store.searchRuns([id], options);
  return {
    runs: await totalOf(store, [id], options, page),
    last: page.items[0]?.info.startTime ?? null,
  };
}
