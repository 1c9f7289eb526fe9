import { shouldStop } from './early-stop.ts';
import type { EarlyStop } from './types.ts';

/** Follows the step metrics of all runs of a sweep. */
export interface EarlyStopWatch {
  /** Takes the next value of a run; true when it should be stopped. */
  add(run: string, value: number): boolean;
}

export function watchCurves(rule: EarlyStop): EarlyStopWatch {
  const curves = new Map<string, number[]>();
  return {
    add(run, value) {
      let curve = curves.get(run);
      if (!curve) curves.set(run, (curve = []));
      curve.push(value);
      const others = [...curves].flatMap(([key, other]) => (key === run ? [] : [other]));
      return shouldStop(rule, curve, others);
    },
  };
}
