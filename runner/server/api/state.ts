import { livenessOf } from '../../../records/tracking/liveness.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { type ApiRoute, runParameter } from './api-route.ts';

/** The status to show: a run whose process is gone is not running, whatever it says. */
export function stateOf(run: Run, now: number): string {
  const liveness = livenessOf(run, now);
  return liveness === 'died' ? 'DEAD' : liveness === 'silent' ? 'SILENT' : run.info.status;
}

export const stateRoute: ApiRoute = {
  method: 'GET',
  path: 'runs/:run_id/state',
  summary:
    'How a run really stands: its status, DEAD where its process is gone, SILENT where it gave no sign for long',
  parameters: [runParameter],
  async handle(fields, { store, now }) {
    return { state: stateOf(await store.getRun(fields.requiredText('run_id')), now()) };
  },
};
