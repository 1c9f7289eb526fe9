import { badRequest } from '../api-error.ts';
import type { Route } from '../route.ts';

const mostExperiments = 20;

export const datasetRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'experiments/search-datasets',
    async handle(fields, { store }) {
      const ids = fields.texts('experiment_ids');
      if (ids.length < 1 || ids.length > mostExperiments)
        throw badRequest(`experiment_ids must hold 1 to ${mostExperiments} ids, got ${ids.length}`);
      const found = new Map<string, object>();
      const { items } = await store.searchRuns(ids, { filter: "dataset.name LIKE '%'", maxResults: 1000 });
      for (const { info, datasets } of items)
        for (const { name, digest, context } of datasets) {
          const summary = { experiment_id: info.experimentId, name, digest, ...(context ? { context } : {}) };
          found.set(JSON.stringify(summary), summary);
        }
      return found.size > 0 ? { dataset_summaries: [...found.values()] } : {};
    },
  },
];
