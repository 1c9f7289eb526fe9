import type { TrialResult } from './points.ts';
import type { FinishedRun } from './sweep-state.ts';
import type { Goal, Point } from './types.ts';

export interface Known {
  readonly finished: ReadonlyMap<string, FinishedRun>;
  readonly failed: ReadonlyMap<string, string>;
  readonly goal: Goal | undefined;
}

/** The loss of a trial, the mean over its repeats and folds, negated where the goal is to maximise; undefined while one is missing. */
export function trialResult(
  points: readonly Point[],
  { finished, failed, goal }: Known,
): TrialResult | undefined {
  let sum = 0;
  for (const { key } of points) {
    const run = finished.get(key);
    if (!run && !failed.has(key)) return undefined;
    sum += (goal ? run?.metrics[goal.metric] : undefined) ?? Number.NaN;
  }
  const mean = sum / points.length;
  return points.length === 0 ? undefined : { loss: goal?.maximize ? -mean : mean };
}
