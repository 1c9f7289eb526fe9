import type { LogBatch } from '../store.ts';
import { toWire } from './wire.ts';

/** MLflow's limits of one call. */
const most = { metrics: 1000, params: 100, tags: 100, all: 1000 };

interface WireBatch {
  readonly metrics: { key: string; value: number | string; timestamp: number; step: number }[];
  readonly params: { key: string; value: string }[];
  readonly tags: { key: string; value: string }[];
}

/** Cuts what is logged into calls that a server takes; params come first, as a changed one refuses all. */
export function batchesOf({ metrics = [], params = [], tags = [] }: LogBatch): WireBatch[] {
  const batches: WireBatch[] = [];
  const room = (kind: 'metrics' | 'params' | 'tags'): WireBatch => {
    const last = batches.at(-1);
    const all = last ? last.metrics.length + last.params.length + last.tags.length : most.all;
    if (last && all < most.all && last[kind].length < most[kind]) return last;
    const next: WireBatch = { metrics: [], params: [], tags: [] };
    batches.push(next);
    return next;
  };
  for (const [key, value] of params) room('params').params.push({ key, value });
  for (const { key, value, timestamp, step } of metrics)
    room('metrics').metrics.push({ key, value: toWire(value), timestamp, step });
  for (const [key, value] of tags) room('tags').tags.push({ key, value });
  return batches;
}
