import { ApiError } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import type { LoggedModel, LoggedModels } from '../logged-models.ts';
import type { Route, Services } from '../route.ts';
import { runId } from './runs.ts';

const path = 'logged-models/:model_id';
const id = (fields: Fields): string => fields.requiredText('model_id');
const statuses = ['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const;

export const loggedModelRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'logged-models',
    async handle(fields, services) {
      const models = kept(services);
      const experimentId = fields.requiredText('experiment_id');
      await services.store.getExperiment(experimentId);
      return modelJson(
        models,
        models.create({
          experimentId,
          name: fields.text('name') ?? '',
          sourceRunId: fields.text('source_run_id') ?? '',
          modelType: fields.text('model_type') ?? '',
          params: Object.fromEntries(fields.pairs('params')),
          tags: Object.fromEntries(fields.pairs('tags')),
        }),
      );
    },
  },
  {
    method: 'GET',
    path,
    handle: async (fields, services) => modelJson(kept(services), kept(services).get(id(fields))),
  },
  {
    method: 'PATCH',
    path,
    async handle(fields, services) {
      const status = fields.choice('status', statuses, statuses);
      return modelJson(kept(services), kept(services).update(id(fields), status ? { status } : {}));
    },
  },
  {
    method: 'DELETE',
    path,
    async handle(fields, services) {
      kept(services).update(id(fields), { deleted: true });
      return {};
    },
  },
  {
    method: 'PATCH',
    path: `${path}/tags`,
    async handle(fields, services) {
      const models = kept(services);
      const { tags } = models.get(id(fields));
      models.update(id(fields), { tags: { ...tags, ...Object.fromEntries(fields.pairs('tags')) } });
      return {};
    },
  },
  {
    method: 'DELETE',
    path: `${path}/tags/:tag_key`,
    async handle(fields, services) {
      const models = kept(services);
      const key = fields.requiredText('tag_key');
      const { [key]: gone, ...tags } = models.get(id(fields)).tags;
      if (gone === undefined)
        throw new ApiError(
          'RESOURCE_DOES_NOT_EXIST',
          `No tag with key ${JSON.stringify(key.slice(0, 250))} in the model`,
        );
      models.update(id(fields), { tags });
      return {};
    },
  },
  {
    method: 'POST',
    path: `${path}/params`,
    async handle(fields, services) {
      const models = kept(services);
      const { params } = models.get(id(fields));
      models.update(id(fields), { params: { ...params, ...Object.fromEntries(fields.pairs('params')) } });
      return {};
    },
  },
  {
    method: 'POST',
    path: 'logged-models/search',
    async handle(fields, { models }) {
      // Clients ask for a model by name before they list artifacts; other filters are not needed by any of them.
      const name = /^\s*(?:attributes?\.)?name\s*=\s*'([^']*)'\s*$/.exec(fields.text('filter') ?? '')?.[1];
      const found = (models?.search(fields.texts('experiment_ids')) ?? []).filter(
        (model) => name === undefined || model.name === name,
      );
      return found.length > 0 ? { models: found.map((model) => modelJson(models!, model).model) } : {};
    },
  },
  {
    method: 'GET',
    path: `${path}/artifacts/directories`,
    async handle(fields, services) {
      const models = kept(services);
      const model = models.get(id(fields));
      const files = await models.artifactsOf(model).list(fields.text('artifact_directory_path') ?? '');
      return {
        root_uri: models.uriOf(model),
        files: files.map((file) => ({
          path: file.path,
          is_dir: file.isFolder,
          ...(file.size === null ? {} : { file_size: file.size }),
        })),
      };
    },
  },
  {
    method: 'POST',
    path: 'runs/outputs',
    async handle(fields, services) {
      const run = runId(fields);
      await services.store.getRun(run);
      for (const output of fields.list('models')) {
        const models = kept(services);
        const { outputs } = models.get(output.requiredText('model_id'));
        models.update(output.requiredText('model_id'), {
          outputs: { ...outputs, [run]: output.int('step') ?? 0 },
        });
      }
      return {};
    },
  },
];

function kept({ models }: Services): LoggedModels {
  if (!models) throw new ApiError('NOT_IMPLEMENTED', 'logged models are not kept for this store');
  return models;
}

function modelJson(models: LoggedModels, model: LoggedModel): { model: object } {
  const pairs = (map: Readonly<Record<string, string>>) =>
    Object.entries(map).map(([key, value]) => ({ key, value }));
  return {
    model: {
      info: {
        model_id: model.modelId,
        experiment_id: model.experimentId,
        name: model.name,
        creation_timestamp_ms: model.createdAt,
        last_updated_timestamp_ms: model.updatedAt,
        artifact_uri: models.uriOf(model),
        status: model.status,
        ...(model.modelType && { model_type: model.modelType }),
        ...(model.sourceRunId && { source_run_id: model.sourceRunId }),
        ...(Object.keys(model.tags).length > 0 && { tags: pairs(model.tags) }),
      },
      data: Object.keys(model.params).length > 0 ? { params: pairs(model.params) } : {},
    },
  };
}
