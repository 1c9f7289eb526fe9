import type { SearchOptions } from '../../../records/tracking/store.ts';
import { ApiError, badRequest } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import { plainPath } from '../plain-path.ts';
import { getAndPost, type Route } from '../route.ts';
import { experimentJson } from './json.ts';

const views = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;

/** The options that all searches share. `filter` has other names in older calls. */
export function searchOptions(fields: Fields, viewName: string): SearchOptions {
  return {
    filter: fields.text('filter', 'filter_string') ?? '',
    view: fields.choice(viewName, views, views) ?? 'ACTIVE_ONLY',
    orderBy: fields.texts('order_by'),
    maxResults: fields.int('max_results') ?? 1000,
    pageToken: fields.text('page_token'),
  };
}

const id = (fields: Fields): string => fields.requiredText('experiment_id');

export const experimentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'experiments/create',
    async handle(fields, { store }) {
      const name = fields.requiredText('name');
      const artifactLocation = locationOf(fields.text('artifact_location'));
      const tags = Object.fromEntries(fields.pairs('tags'));
      const options = artifactLocation === undefined ? { tags } : { artifactLocation, tags };
      return { experiment_id: await store.createExperiment(name, options) };
    },
  },
  {
    method: 'GET',
    path: 'experiments/get',
    async handle(fields, { store, locations }) {
      const info = await store.getExperiment(id(fields));
      return { experiment: experimentJson(info, locations.ofExperiment(info)) };
    },
  },
  {
    method: 'GET',
    path: 'experiments/get-by-name',
    async handle(fields, { store, locations }) {
      const name = fields.requiredText('experiment_name');
      const info = await store.getExperimentByName(name);
      if (!info)
        throw new ApiError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name ${shown(name)}`);
      return { experiment: experimentJson(info, locations.ofExperiment(info)) };
    },
  },
  ...getAndPost('experiments/search', async (fields, { store, locations }) => {
    const page = await store.searchExperiments(searchOptions(fields, 'view_type'));
    return {
      ...(page.items.length > 0
        ? { experiments: page.items.map((info) => experimentJson(info, locations.ofExperiment(info))) }
        : {}),
      ...(page.nextPageToken === null ? {} : { next_page_token: page.nextPageToken }),
    };
  }),
  {
    method: 'POST',
    path: 'experiments/update',
    async handle(fields, { store }) {
      const experimentId = id(fields);
      const name = fields.text('new_name');
      if (name !== undefined) await store.renameExperiment(experimentId, name);
      return {};
    },
  },
  {
    method: 'POST',
    path: 'experiments/delete',
    async handle(fields, { store }) {
      await store.deleteExperiment(id(fields));
      return {};
    },
  },
  {
    method: 'POST',
    path: 'experiments/restore',
    async handle(fields, { store }) {
      await store.restoreExperiment(id(fields));
      return {};
    },
  },
  {
    method: 'POST',
    path: 'experiments/set-experiment-tag',
    async handle(fields, { store }) {
      const experimentId = id(fields);
      await store.setExperimentTag(experimentId, fields.requiredText('key'), fields.text('value') ?? '');
      return {};
    },
  },
  {
    method: 'POST',
    path: 'experiments/delete-experiment-tag',
    async handle(fields, { store }) {
      await store.deleteExperimentTag(id(fields), fields.requiredText('key'));
      return {};
    },
  },
];

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

/** Artifacts go through this server: a client may name a folder of its own there, nothing else. */
function locationOf(location: string | undefined): string | undefined {
  if (!location) return undefined;
  const path = /^mlflow-artifacts:\/(?!\/)(.+?)\/*$/.exec(location)?.[1];
  if (path === undefined || plainPath(path) === undefined)
    throw badRequest(
      `artifact_location ${shown(location)} is not kept by this server: leave it out, or give mlflow-artifacts:/FOLDER`,
    );
  return location;
}
