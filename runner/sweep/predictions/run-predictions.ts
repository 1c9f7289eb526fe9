import { UserError } from '../../../components/core/errors.ts';
import type { Panel } from '../../../components/core/panel.ts';
import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import { isTable } from '../../../records/codec/tables.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';

/** A recorded table of one column over days and instruments, `pred.pkl` or `label.pkl`. @throws UserError where the run has none */
export async function recordedPanel(store: TrackingStore, runId: string, name: string): Promise<Panel> {
  try {
    const value = await decodeObject(name, await (await store.artifacts(runId)).read(name));
    if (isTable(value)) return tableToPanel(value);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  throw new UserError(`run ${runId} has no ${name}`, { hint: 'its workflow needs a SignalRecord' });
}
