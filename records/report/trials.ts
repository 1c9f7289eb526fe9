import type { TrackingStore } from '../tracking/store.ts';
import type { Trials } from './statistics.ts';

/** More runs are not looked at: reading them would take longer than the report. */
const most = 1000;

/**
 * How often an experiment was tried: its runs that were not deleted, failed or killed, the newest ones, `runId` among them, with the metrics
 * that tell their Sharpe ratios.
 */
export async function trialsOf(store: TrackingStore, experimentId: string, runId: string): Promise<Trials> {
  const { items } = await store.searchRuns([experimentId], {
    maxResults: most,
    orderBy: ['attributes.start_time DESC'],
  });
  const others = items.filter(
    ({ info }) => info.runId !== runId && info.status !== 'FAILED' && info.status !== 'KILLED',
  );
  const metrics = new Map<string, number[]>();
  for (const { data } of others)
    for (const [key, { value }] of data.metrics) {
      if (!/\.(sharpe|excess_return_with_cost\.information_ratio)$/.test(key)) continue;
      const values = metrics.get(key);
      if (values) values.push(value);
      else metrics.set(key, [value]);
    }
  return { count: others.length + 1, metrics };
}
