import { unknownName } from '../../components/core/nearest.ts';
import { type RunStatus, runStatuses } from './types.ts';

/** @throws UserError for a status that MLflow does not know. */
export function checkStatus(status: string): RunStatus {
  const found = runStatuses.find((s) => s === status);
  if (!found) throw unknownName('status', status, runStatuses);
  return found;
}
