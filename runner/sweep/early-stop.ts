import type { EarlyStop, Goal } from './types.ts';

interface EarlyTerminate {
  readonly type: 'hyperband' | 'median';
  readonly metric?: { readonly name: string; readonly goal?: string };
  readonly min_iter?: number;
  readonly max_iter?: number;
  readonly s?: number;
  readonly eta?: number;
  readonly min_runs?: number;
}

/** W&B's `early_terminate`: rungs at min_iter · eta^k, or at max_iter / eta^k for k = 1 .. s. */
export function earlyStopOf(spec: EarlyTerminate, goal: Goal | undefined): EarlyStop {
  const { type, metric, min_iter, max_iter, s = 1, eta = 3, min_runs } = spec;
  const rungs: number[] = [];
  if (max_iter !== undefined)
    for (let k = s; k >= 1; k--) rungs.push(Math.max(1, Math.floor(max_iter / eta ** k)));
  else
    for (let rung = min_iter ?? (type === 'median' ? 10 : 3); rung < 1e6; rung *= eta)
      rungs.push(Math.round(rung));
  return {
    type,
    metric: metric?.name ?? goal!.metric,
    maximize: metric ? metric.goal === 'maximize' : goal!.maximize,
    rungs: [...new Set(rungs)],
    eta,
    minRuns: min_runs ?? (type === 'median' ? 3 : Math.ceil(eta)),
  };
}

/**
 * Is the run to be stopped after its `step` (from 1)? `curve` are its values so far.
 * Hyperband (Li et al. 2018, its asynchronous form: Li et al. 2020): at a rung, when its best value so far is not among the best
 * 1/eta of all runs seen at that rung. Median (Golovin et al. 2017): when its best value so far is worse than the median of the
 * running means of the other runs at that step. NaN is worse than anything. Never while fewer than `minRuns` others were seen.
 */
export function shouldStop(
  rule: EarlyStop,
  curve: readonly number[],
  others: readonly (readonly number[])[],
): boolean {
  const step = curve.length;
  const first = rule.rungs[0] ?? 1;
  if (rule.type === 'hyperband' ? !rule.rungs.includes(step) : step < first) return false;
  const seen = others.filter((other) => other.length >= step);
  if (seen.length < rule.minRuns) return false;
  const sign = rule.maximize ? 1 : -1;
  const score = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : sign * value);
  const best = (values: readonly number[]) =>
    values.reduce((b, v) => Math.max(b, score(v)), Number.NEGATIVE_INFINITY);
  const own = best(curve);
  if (rule.type === 'median') {
    const means = seen.map((other) => other.slice(0, step).reduce((sum, v) => sum + score(v), 0) / step);
    return own < median(means);
  }
  const scores = [...seen.map((other) => best(other.slice(0, step))), own].sort((a, b) => b - a);
  const kept = Math.max(1, Math.floor(scores.length / rule.eta));
  return own < scores[kept - 1]!;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
