import type { RecordContext } from '../record.ts';

/** Does work that keeps this thread busy; a record that works for itself has nobody beside it. */
export function busyWith<R>({ pool, runWork }: RecordContext, work: () => Promise<R>): Promise<R> {
  return runWork ? pool.busyWith(work) : work();
}
