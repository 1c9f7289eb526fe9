import { createHash } from 'node:crypto';

/**
 * 18 digits, as MLflow's file store draws them, but from the name: two processes that make the same experiment at once meet at the
 * same folder and see each other, which random ids never do. `attempt` counts on where the id is taken by another name.
 */
export function experimentIdFor(name: string, attempt: number): string {
  const digest = createHash('sha256').update(`${attempt}\0${name}`).digest();
  return String(100_000_000_000_000_000n + (digest.readBigUInt64BE(0) % 900_000_000_000_000_000n));
}
