import { decodeObject } from '../../../records/codec/codec.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';

/** What an artifact of a run holds; undefined where there is none. Nothing in it is executed. @throws UserError for one that can't be read */
export async function loadArtifact(store: TrackingStore, runId: string, path: string): Promise<unknown> {
  const artifacts = await store.artifacts(runId);
  try {
    return await decodeObject(path, await artifacts.read(path));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
