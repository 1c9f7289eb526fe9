import { heartbeatTag, parseSign } from './heartbeat.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import type { Run } from './types.ts';

/**
 * How a run really stands. `running`: its process is there, or gave a sign of life just now. `died`: it says RUNNING, but its process is
 * gone. `silent`: no sign of life for long, from a machine that cannot be looked at. `unknown`: RUNNING, and no sign was ever given
 * (MLflow's own runs). `ended`: any other status.
 */
export type Liveness = 'running' | 'died' | 'silent' | 'unknown' | 'ended';

/** How long a sign of life counts: ten beats, for a busy process may miss some. */
const patience = 300_000;

/** A live run is never taken for dead: where its process cannot be looked at, it is at most silent. */
export function livenessOf(
  { info, data }: Pick<Run, 'info' | 'data'>,
  now: number,
  here: ProcessIdentity = ownIdentity(),
): Liveness {
  if (info.status !== 'RUNNING') return 'ended';
  const sign = parseSign(data.tags.get(heartbeatTag));
  if (!sign) return 'unknown';
  const seen = isRunning(sign, here);
  if (seen !== undefined) return seen ? 'running' : 'died';
  return now - sign.at < patience ? 'running' : 'silent';
}
