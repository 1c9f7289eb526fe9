import { markCount, pointSize, type RunFiles, type RunRecord } from './run-record.ts';

/** Where a run stands among `KnownRuns`. */
export interface KnownRun {
  /** Which of the layouts it has. */
  readonly layout: number;
  readonly texts: readonly string[];
  /** Where its marks and, behind them, its points begin in `numbers`. */
  readonly at: number;
}

/** Runs as an index keeps them: runs that have the same files share a layout, marks and points stand in one array. */
export interface KnownRuns {
  readonly layouts: readonly RunFiles[];
  readonly runs: ReadonlyMap<string, KnownRun>;
  /** On shared memory. */
  readonly numbers: Float64Array;
}

export const noRuns: KnownRuns = { layouts: [], runs: new Map(), numbers: new Float64Array(0) };

/** What is known of a run, taken for read at `readAt`. */
export function recordOf({ layouts, numbers }: KnownRuns, run: KnownRun, readAt: number): RunRecord {
  const files = layouts[run.layout]!;
  const from = run.at + markCount(files);
  const points = numbers.subarray(from, from + pointSize * files.metrics.length);
  return { files, texts: run.texts, points, isWhole: true, readAt };
}

export function marksIn({ layouts, numbers }: KnownRuns, run: KnownRun): Float64Array {
  return numbers.subarray(run.at, run.at + markCount(layouts[run.layout]!));
}
