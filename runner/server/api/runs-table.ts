import { tokenOf } from '../../../records/tracking/search/page.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { badRequest } from '../api-error.ts';
import { searchOptions } from '../mlflow/experiments.ts';
import { doubleOf } from '../mlflow/json.ts';
import type { ApiRoute } from './api-route.ts';
import { stateOf } from './state.ts';
import { totalOf } from './total.ts';

const mostRows = 1000;

/** Tags too long for a table are cut; the run's own page has them whole. */
const longestTag = 300;
/** By which sweeps tell their runs apart. */
const wholeTag = 'qrun.sweep.overrides';

export const runsTableRoute: ApiRoute = {
  method: 'POST',
  path: 'runs/search',
  summary:
    'A part of the runs that a filter of the search language finds, in an order, with their count where it is known',
  parameters: [
    { name: 'experiment_ids', type: 'array', required: true, description: 'ids of experiments' },
    { name: 'filter', type: 'string', description: 'in the search language of MLflow' },
    { name: 'order_by', type: 'array', description: 'such as metrics.IC DESC' },
    { name: 'run_view_type', type: 'string', description: 'ACTIVE_ONLY, DELETED_ONLY or ALL' },
    { name: 'offset', type: 'integer', description: 'rows to leave out' },
    { name: 'limit', type: 'integer', description: `rows to send, at most ${mostRows}` },
  ],
  async handle(fields, { store, now }) {
    const offset = fields.int('offset') ?? 0;
    const limit = fields.int('limit') ?? 100;
    if (offset < 0 || limit < 1 || limit > mostRows)
      throw badRequest(`offset ${offset} or limit ${limit} is out of bounds`);
    const options = searchOptions(fields, 'run_view_type');
    const ids = fields.texts('experiment_ids');
    const page = await store.searchRuns(ids, {
      ...options,
      maxResults: limit,
      ...(offset > 0 && { pageToken: tokenOf(offset) }),
    });
    return {
      runs: page.items.map((run) => rowOf(run, now())),
      total: await totalOf(store, ids, options, page, offset),
      more: page.nextPageToken !== null,
    };
  },
};

/** A run as a table shows it: current values only. */
export function rowOf(run: Run, now: number): object {
  const { info, data } = run;
  return {
    id: info.runId,
    name: info.runName,
    experiment: info.experimentId,
    status: stateOf(run, now),
    stage: info.lifecycleStage,
    user: info.userId,
    start: info.startTime,
    end: info.endTime,
    params: Object.fromEntries(data.params),
    metrics: Object.fromEntries([...data.metrics].map(([key, { value }]) => [key, doubleOf(value)])),
    tags: Object.fromEntries(
      [...data.tags].map(([key, value]) => [key, key === wholeTag ? value : value.slice(0, longestTag)]),
    ),
  };
}
