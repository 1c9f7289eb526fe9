import { type Run, runStatuses } from '../../../records/tracking/types.ts';
import { badRequest } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import { getAndPost, RawJson, type Route } from '../route.ts';
import { searchOptions } from './experiments.ts';
import { runInfoJson, runJson } from './json.ts';
import { randomRunName } from './random-name.ts';

const nameTag = 'mlflow.runName';

/** Clients send the id under both names. */
export const runId = (fields: Fields): string => fields.requiredText('run_id', 'run_uuid');

export const runRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'runs/create',
    async handle(fields, { store, locations, now }) {
      const tags = new Map(fields.pairs('tags'));
      const given = fields.text('run_name') || undefined;
      const tagged = tags.get(nameTag);
      if (given !== undefined && tagged !== undefined && given !== tagged)
        throw badRequest(
          `Both 'run_name' argument and '${nameTag}' tag are specified, but with different values (run_name='${given}', ${nameTag}='${tagged}')`,
        );
      const info = await store.createRun({
        experimentId: fields.text('experiment_id') || '0',
        runName: given ?? (tagged || randomRunName()),
        userId: fields.text('user_id') ?? '',
        startTime: startTimeOf(fields) ?? now(),
        tags: Object.fromEntries(tags),
      });
      const data = { params: new Map(), metrics: new Map(), tags: tags.set(nameTag, info.runName) };
      return { run: runJson({ info, data, datasets: [] }, await locations.ofRun(info)) };
    },
  },
  {
    method: 'GET',
    path: 'runs/get',
    async handle(fields, { store, locations }) {
      const run = await store.getRun(runId(fields));
      return { run: runJson(run, await locations.ofRun(run.info)) };
    },
  },
  {
    method: 'POST',
    path: 'runs/update',
    async handle(fields, { store, locations }) {
      const id = runId(fields);
      const status = fields.choice('status', runStatuses, runStatuses);
      const endTime = fields.int('end_time');
      const runName = fields.text('run_name') || undefined;
      const info = await store.updateRun(id, {
        ...(status && { status }),
        ...(endTime !== undefined && { endTime }),
        ...(runName && { runName }),
      });
      return { run_info: runInfoJson(info, await locations.ofRun(info)) };
    },
  },
  {
    method: 'POST',
    path: 'runs/delete',
    async handle(fields, { store }) {
      await store.deleteRun(runId(fields));
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/restore',
    async handle(fields, { store }) {
      await store.restoreRun(runId(fields));
      return {};
    },
  },
  ...getAndPost('runs/search', async (fields, services) => {
    const options = searchOptions(fields, 'run_view_type');
    const { items, nextPageToken } = await services.store.searchRuns(fields.texts('experiment_ids'), options);
    const uriOf = await services.locations.prepare(items.map((run) => run.info.experimentId));
    const runs =
      items.length > 0 ? `"runs":[${items.map((run) => runText(run, uriOf(run.info))).join(',')}]` : '';
    const token = nextPageToken === null ? '' : `"next_page_token":${JSON.stringify(nextPageToken)}`;
    return new RawJson(`{${[runs, token].filter(Boolean).join(',')}}`);
  }),
];

/** Texts of runs that did not change: a store that keeps runs in memory gives the same object again. */
const texts = new WeakMap<Run, { uri: string; text: string }>();

function runText(run: Run, uri: string): string {
  const known = texts.get(run);
  if (known?.uri === uri) return known.text;
  const text = JSON.stringify(runJson(run, uri));
  texts.set(run, { uri, text });
  return text;
}

function startTimeOf(fields: Fields): number | undefined {
  const time = fields.int('start_time');
  if (time !== undefined && time < 0)
    throw badRequest(`Invalid value ${time} for parameter 'start_time' supplied`);
  return time;
}
