import type { MetricEntry } from '../../../records/tracking/types.ts';
import { badRequest } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import type { Route } from '../route.ts';
import { runId } from './runs.ts';

/** MLflow's limits of one call, and of a param's value, which it cuts. */
const most = { metrics: 1000, params: 100, tags: 100, total: 1000, value: 6000 };

export const loggingRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'runs/log-metric',
    async handle(fields, { store }) {
      const id = runId(fields);
      await store.logBatch(id, { metrics: [metricOf(fields)] });
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/log-parameter',
    async handle(fields, { store }) {
      const id = runId(fields);
      await store.logBatch(id, { params: [[fields.requiredText('key'), cut(fields.text('value') ?? '')]] });
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/set-tag',
    async handle(fields, { store }) {
      const id = runId(fields);
      await store.logBatch(id, { tags: [[fields.requiredText('key'), fields.text('value') ?? '']] });
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/delete-tag',
    async handle(fields, { store }) {
      await store.deleteTag(runId(fields), fields.requiredText('key'));
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/log-batch',
    async handle(fields, { store }) {
      const id = runId(fields);
      const metrics = fields.list('metrics').map(metricOf);
      const params = fields.pairs('params');
      const tags = fields.pairs('tags');
      checkCount('metrics', metrics.length, most.metrics);
      checkCount('params', params.length, most.params);
      checkCount('tags', tags.length, most.tags);
      checkCount('metrics, params and tags', metrics.length + params.length + tags.length, most.total);
      const keys = new Set<string>();
      for (const [key] of params) {
        if (keys.has(key))
          throw badRequest(`Duplicate parameter key ${JSON.stringify(key.slice(0, 250))} in one request`);
        keys.add(key);
      }
      await store.logBatch(id, { metrics, tags, params: params.map(([key, value]) => [key, cut(value)]) });
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/log-inputs',
    async handle(fields, { store }) {
      const id = runId(fields);
      const datasets = fields.list('datasets').map((input) => {
        const tags = new Map(input.pairs('tags'));
        const dataset = input.object('dataset');
        if (!dataset) throw badRequest(`Missing value for required parameter 'datasets.dataset'`);
        return {
          name: dataset.requiredText('name'),
          digest: dataset.requiredText('digest'),
          context: tags.get('mlflow.data.context') ?? null,
          sourceType: dataset.requiredText('source_type'),
          source: dataset.requiredText('source'),
          schema: dataset.text('schema') ?? null,
          profile: dataset.text('profile') ?? null,
          tags,
        };
      });
      await store.logInputs(id, datasets);
      return {};
    },
  },
  {
    method: 'POST',
    path: 'runs/log-model',
    async handle(fields, { store }) {
      const id = runId(fields);
      const model = parsedObject(fields.requiredText('model_json'));
      const tag = 'mlflow.log-model.history';
      const before = (await store.getRun(id)).data.tags.get(tag);
      const history: unknown = before === undefined ? [] : JSON.parse(before);
      await store.logBatch(id, {
        tags: [[tag, JSON.stringify([...(Array.isArray(history) ? history : []), model])]],
      });
      return {};
    },
  },
];

function metricOf(fields: Fields): MetricEntry {
  const key = fields.requiredText('key');
  const value = fields.requiredDouble('value');
  return { key, value, timestamp: fields.requiredInt('timestamp'), step: fields.int('step') ?? 0 };
}

const cut = (value: string): string => (value.length > most.value ? value.slice(0, most.value) : value);

function checkCount(what: string, count: number, limit: number): void {
  if (count > limit)
    throw badRequest(
      `A batch logging request can contain at most ${limit} ${what}. Got ${count}. Please split up ${what} across multiple requests and try again.`,
    );
}

function parsedObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw badRequest(`Malformed model info. model_json is not a JSON object`);
}
