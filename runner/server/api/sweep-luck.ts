import { assessLuck, type Returns, returnsOf } from '../../sweep/luck.ts';
import { tags } from '../../sweep/tags.ts';
import { badRequest } from '../api-error.ts';
import type { ApiRoute } from './api-route.ts';

/** Its statistics take time with every run more; a sweep of more runs has `qrun sweep show`. */
const most = 200;

export const sweepLuckRoute: ApiRoute = {
  method: 'GET',
  path: 'sweeps/:sweep_id/luck',
  summary:
    'How much of the best run of a sweep may be luck: deflated Sharpe ratio, probability of backtest overfitting, test of superior ability; null where runs have no backtest',
  parameters: [{ name: 'sweep_id', type: 'string', required: true, description: 'id of the sweep' }],
  async handle(fields, { store, places }) {
    const id = fields.requiredText('sweep_id');
    if (!/^[\w.-]+$/.test(id)) throw badRequest('no such sweep');
    const { items: experiments } = await store.searchExperiments({ maxResults: 5000 });
    const { items: runs } = await store.searchRuns(
      experiments.map((e) => e.experimentId),
      { filter: `tags."${tags.id}" = '${id}' AND attributes.status = 'FINISHED'`, maxResults: 1000 },
    );
    const found: Returns[] = [];
    for (const run of runs.slice(0, most)) {
      await places.ofRun(run.info.runId);
      const returns = await returnsOf(store, run);
      if (returns) found.push(returns);
    }
    const luck = assessLuck(found, runs.length);
    if (!luck) return { luck: null };
    const { overfitting, superior, ...figures } = luck;
    return {
      luck: {
        ...figures,
        overfitting: overfitting
          ? {
              probability: overfitting.probability,
              probabilityOfLoss: overfitting.probabilityOfLoss,
              splits: overfitting.splits,
            }
          : null,
        superior: superior ?? null,
      },
    };
  },
};
