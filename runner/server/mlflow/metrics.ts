import { offsetOf, tokenOf } from '../../../records/tracking/search/page.ts';
import type { MetricPoint } from '../../../records/tracking/types.ts';
import { badRequest } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import type { Route } from '../route.ts';
import { metricJson } from './json.ts';
import { runId } from './runs.ts';

const mostBulk = 25_000;
const mostRuns = 100;
const mostInterval = 2500;

export const metricRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'metrics/get-history',
    async handle(fields, { store }) {
      const key = fields.requiredText('metric_key');
      const id = runId(fields);
      const maxResults = fields.int('max_results');
      const from = offsetOf(fields.text('page_token'));
      const points = await store.getMetricHistory(id, key);
      const to = maxResults === undefined ? points.length : from + atLeastOne(maxResults);
      const page = points.slice(from, to).map((point) => metricJson(key, point));
      return {
        ...(page.length > 0 ? { metrics: page } : {}),
        ...(to < points.length ? { next_page_token: tokenOf(to) } : {}),
      };
    },
  },
  {
    method: 'GET',
    path: 'metrics/get-history-bulk',
    async handle(fields, { store }) {
      const key = fields.requiredText('metric_key');
      const runIds = idsOf(fields, 'run_id');
      const left = Math.min(atLeastOne(fields.int('max_results') ?? mostBulk), mostBulk);
      const metrics: object[] = [];
      for (const id of runIds.sort()) {
        for (const point of await store.getMetricHistory(id, key)) {
          if (metrics.length >= left) return { metrics };
          metrics.push({ ...metricJson(key, point), run_id: id });
        }
      }
      return { metrics };
    },
  },
  {
    method: 'GET',
    path: 'metrics/get-history-bulk-interval',
    async handle(fields, { store }) {
      const key = fields.requiredText('metric_key');
      const runIds = idsOf(fields, 'run_ids');
      const maxResults = fields.int('max_results') ?? 320;
      if (maxResults < 1 || maxResults > mostInterval)
        throw badRequest(`max_results must be between 1 and ${mostInterval}`);
      const [start, end] = [fields.int('start_step'), fields.int('end_step')];
      if ((start === undefined) !== (end === undefined))
        throw badRequest('If either start step or end step are specified, both must be specified');
      if (start !== undefined && end !== undefined && start > end)
        throw badRequest(`end_step ${end} must be greater than start_step ${start}`);
      const histories = new Map<string, readonly MetricPoint[]>();
      for (const id of runIds) histories.set(id, await store.getMetricHistory(id, key));
      const within = ({ step }: MetricPoint) =>
        start === undefined || end === undefined || (step >= start && step <= end);
      const steps = sampledSteps(histories.values(), within, maxResults);
      const metrics = [...histories].flatMap(([id, points]) =>
        points
          .filter((point) => steps.has(point.step))
          .sort((a, b) => a.step - b.step || a.timestamp - b.timestamp)
          .map((point) => ({ ...metricJson(key, point), run_id: id })),
      );
      return metrics.length > 0 ? { metrics } : {};
    },
  },
];

/** Evenly spread steps, with the first and last one of every run. */
function sampledSteps(
  histories: Iterable<readonly MetricPoint[]>,
  within: (point: MetricPoint) => boolean,
  count: number,
): Set<number> {
  const all = new Set<number>();
  const ends = new Set<number>();
  for (const points of histories) {
    const steps = points.filter(within).map((point) => point.step);
    if (steps.length === 0) continue;
    for (const step of steps) all.add(step);
    ends.add(steps.reduce((a, b) => Math.min(a, b)));
    ends.add(steps.reduce((a, b) => Math.max(a, b)));
  }
  if (all.size <= count) return all;
  const sorted = [...all].sort((a, b) => a - b);
  const interval = sorted.length / count;
  for (let i = 0; i < count; i++) ends.add(sorted[Math.floor(i * interval)]!);
  return ends;
}

function idsOf(fields: Fields, name: string): string[] {
  const ids = fields.texts(name);
  if (ids.length === 0) throw badRequest(`Missing value for required parameter '${name}'`);
  if (ids.length > mostRuns)
    throw badRequest(`at most ${mostRuns} runs can be asked for at once, ${ids.length} were given`);
  return ids;
}

function atLeastOne(maxResults: number): number {
  if (maxResults < 1) throw badRequest(`Invalid value ${maxResults} for parameter 'max_results' supplied`);
  return maxResults;
}
