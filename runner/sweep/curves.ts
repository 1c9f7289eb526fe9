import { shouldStop } from './early-stop.ts';
import type { EarlyStop } from './types.ts';

/** Follows the step metrics of all runs of a sweep. */
export interface EarlyStopWatch {
  /** Takes the next value of a run; true when it should be stopped. */
  add(run: string, value: number): boolean;
  /** Takes a whole run that was made before. */
  load(run: string, values: readonly number[]): void;
  /** Forgets a run that is made again. */
  drop(run: string): void;
}

export function watchCurves(rule: EarlyStop): EarlyStopWatch {
  const curves = new Map<string, number[]>();
  return {
    load: (run, values) => void curves.set(run, [...values]),
    drop: (run) => void curves.delete(run),
    add(run, value) {
      let curve = curves.get(run);
      if (!curve) curves.set(run, (curve = []));
      curve.push(value);
      const others = [...curves].flatMap(([key, other]) => (key === run ? [] : [other]));
      return shouldStop(rule, curve, others);
    },
  };
}
