import { pythonStr } from '../../../records/tracking/python-str.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { loadArtifact } from './load-artifact.ts';

/** Keys of a workflow that are settings; others only hold anchors. */
const settings = ['qlib_init', 'task', 'sys'];

/**
 * Settings in which runs differ, by key path, a value a run: from the recorded configs where all runs have one, else from the params.
 */
export async function configDifferences(
  store: TrackingStore,
  runs: readonly Run[],
): Promise<Record<string, (string | null)[]>> {
  const configs = await Promise.all(runs.map(({ info }) => loadArtifact(store, info.runId, 'config')));
  const trees = configs.every((config) => config instanceof Map)
    ? (configs as Map<unknown, unknown>[]).map(leavesOf)
    : runs.map(({ data }) => data.params);
  const keys = [...new Set(trees.flatMap((tree) => [...tree.keys()]))].sort();
  return Object.fromEntries(
    keys
      .map((key): [string, (string | null)[]] => [key, trees.map((tree) => tree.get(key) ?? null)])
      .filter(([, values]) => values.some((value) => value !== values[0])),
  );
}

function leavesOf(config: ReadonlyMap<unknown, unknown>): Map<string, string> {
  const leaves = new Map<string, string>();
  const add = (value: unknown, path: string): void => {
    if (value instanceof Map && value.size > 0)
      for (const [key, item] of value) add(item, path === '' ? String(key) : `${path}.${String(key)}`);
    else if (Array.isArray(value) && value.some((item) => item instanceof Map))
      value.forEach((item, i) => void add(item, `${path}.${i}`));
    else leaves.set(path, pythonStr(value));
  };
  for (const key of settings) if (config.has(key)) add(config.get(key), key);
  return leaves;
}
