import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Holdout } from './types.ts';

const keyOf = ({ start, end }: Holdout) => `qrun.holdout.${start}_${end}.openings`;

/** How often the dates have been looked at within an experiment; the count outlives the runs. */
export async function holdoutOpenings(
  store: TrackingStore,
  experimentId: string,
  holdout: Holdout | undefined,
): Promise<number> {
  if (!holdout) return 0;
  return Number((await store.getExperiment(experimentId)).tags.get(keyOf(holdout)) ?? 0);
}

/** Counts one more opening, before it happens; returns the new count. */
export async function countOpening(
  store: TrackingStore,
  experimentId: string,
  holdout: Holdout,
): Promise<number> {
  const count = (await holdoutOpenings(store, experimentId, holdout)) + 1;
  await store.setExperimentTag(experimentId, keyOf(holdout), String(count));
  return count;
}
