import { freemem, totalmem } from 'node:os';

/** What a worker process takes before anything is known of it. */
const firstGuess = 400e6;

export interface Memory {
  readonly available: number;
  readonly total: number;
}

/** Memory of this process's machine or container, bytes. */
export function machineMemory(): Memory {
  const limit = process.constrainedMemory?.() ?? 0;
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  const available = process.availableMemory?.() ?? freemem();
  return { available: Math.min(available, total), total };
}

/**
 * May one more run start? What running processes will still grow by, to the greatest peak seen, is set aside; a tenth of the
 * machine stays free. The first run always may.
 */
export function isAdmitted(
  running: readonly { readonly bytes: number }[],
  peakBytes: number,
  { available, total }: Memory,
): boolean {
  if (running.length === 0) return true;
  const expected = Math.max(peakBytes, firstGuess);
  const growth = running.reduce((sum, { bytes }) => sum + Math.max(0, expected - bytes), 0);
  return available - growth - total / 10 >= expected;
}
