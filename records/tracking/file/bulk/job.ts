import { isSame } from './marks.ts';
import { readRecord } from './read-record.ts';
import type { RunFiles, RunRecord } from './run-record.ts';

/** Runs of one experiment that are to be loaded, as several threads see them. All but the shared arrays is copied to each. */
export interface Job {
  /** The experiment's. */
  readonly folder: string;
  readonly ids: readonly string[];
  /** What is known of the runs: which of `layouts` each had, and where in `marks` its marks begin; -1 for a run that is not known. */
  readonly layouts: readonly RunFiles[];
  readonly layoutOf: Int32Array;
  readonly marksAt: Int32Array;
  /** Shared. */
  readonly marks: Float64Array;
  /** Shared: the next run that nobody has taken; behind it for each thread, whether it has taken any. */
  readonly next: Int32Array;
  /** Shared: 1 for a run that stands as it is known. */
  readonly same: Uint8Array;
}

export type ReadRun = readonly [index: number, record: RunRecord];

const chunk = 8;

/** Takes runs that nobody has taken until there are none: checks those that are known, reads the others and those that changed. */
export function work(job: Job, thread?: number): ReadRun[] {
  const { folder, ids, next } = job;
  const layouts = new Map<string, RunFiles>();
  const read: ReadRun[] = [];
  for (;;) {
    // said before it is done: whoever finds nothing left to take sees then who has
    if (thread !== undefined) Atomics.store(next, 1 + thread, 1);
    const from = Atomics.add(next, 0, chunk);
    if (from >= ids.length) return read;
    for (let i = from; i < Math.min(from + chunk, ids.length); i++)
      if (isKnown(job, i)) job.same[i] = 1;
      else read.push([i, readRecord(`${folder}/${ids[i]}`, layouts)]);
  }
}

function isKnown({ folder, ids, layouts, layoutOf, marks, marksAt }: Job, i: number): boolean {
  const files = layouts[layoutOf[i]!];
  return files !== undefined && isSame(`${folder}/${ids[i]}`, files, marks, marksAt[i]!);
}
