import { createR } from '../../records/tracking/r.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { findRun } from '../commands/runs/find-run.ts';
import { type StoreFlags, storeUri } from '../commands/runs/open.ts';

/** The recorder of the run that `run` names: its id, the beginning of it, or its name. */
export async function recorderOf(
  store: TrackingStore,
  { run, ...flags }: StoreFlags & { readonly run: string },
): Promise<Recorder> {
  const { info } = await findRun(store, run);
  const R = createR({ uri: storeUri(flags), signals: null });
  return R.getRecorder({ experimentId: info.experimentId, recorderId: info.runId });
}
