import { UserError } from '../../../components/core/errors.ts';
import type { LearnedState } from '../../../components/dataset/types.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';

/** What the processors of a run learned (`processors.pkl`); undefined for a run that has kept none. @throws UserError for a file that holds something else */
export async function learnedState(store: TrackingStore, runId: string): Promise<LearnedState | undefined> {
  const artifacts = await store.artifacts(runId);
  let bytes: Uint8Array;
  try {
    bytes = await artifacts.read('processors.pkl');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  const kept = await decodeObject('processors.pkl', bytes);
  const list = (key: string) => {
    const value: unknown = kept instanceof Map ? kept.get(key) : undefined;
    if (!Array.isArray(value))
      throw new UserError(`processors.pkl of run ${runId} holds no state of processors`);
    return value.map((one: unknown) =>
      one instanceof Map ? Object.fromEntries([...one].map(figures)) : null,
    );
  };
  const figures = ([column, learned]: [unknown, unknown]) => [
    String(column),
    Object.fromEntries(
      [...(learned instanceof Map ? learned : [])].map(([name, value]) => [String(name), Number(value)]),
    ),
  ];
  return { shared: list('shared'), infer: list('infer'), learn: list('learn') };
}
