import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Matrix } from './cholesky.ts';
import { solveIndexing } from './interior-point.ts';
import { exposureOf, type IndexingProblem, times } from './problem.ts';

/** `optimizer_kwargs` of EnhancedIndexingStrategy. */
export interface OptimizerOptions {
  /** Aversion to risk. Default 1. */
  readonly lamb?: number;
  /** Largest sum of changes of weights; null: any. Default 0.2. */
  readonly delta?: number | null;
  /** Largest deviation of a weight from the benchmark's; null: any. Default 0.01. */
  readonly b_dev?: number | null;
  /** Largest deviation of each factor's exposure from the benchmark's, one for all or one each; null: any. */
  readonly f_dev?: number | readonly number[] | null;
  /** Scales scores to the volatility of the instruments. Default true. */
  readonly scale_return?: boolean;
  /** Smaller weights become 0. Default 5e-5. */
  readonly epsilon?: number;
  /** Arguments of qlib's solver; nothing to ours. */
  readonly solver_kwargs?: unknown;
}

const limit = { type: ['number', 'null'], minimum: 0 };

/** JSON schema of OptimizerOptions. */
export const optimizerSchema = {
  type: 'object',
  properties: {
    lamb: { type: 'number', minimum: 0 },
    delta: limit,
    b_dev: limit,
    f_dev: { anyOf: [limit, { type: 'array', items: { type: 'number', minimum: 0 } }] },
    scale_return: { type: 'boolean' },
    epsilon: { type: 'number', minimum: 0 },
    solver_kwargs: { type: ['object', 'null'] },
  },
  additionalProperties: false,
} as const;

/** A portfolio to be found, by instrument `(n)`, with `k` factors. */
export interface Portfolio {
  readonly score: Float64Array;
  readonly exposure: Matrix;
  readonly factorCovariance: Matrix;
  readonly residualVariance: Float64Array;
  /** Weights held now and of the benchmark. */
  readonly current: Float64Array;
  readonly benchmark: Float64Array;
  /** Weights that can't change. */
  readonly isHeld: readonly boolean[];
  /** Weights that must go; goes before `isHeld`. */
  readonly isSold: readonly boolean[];
}

/**
 * Weights that promise most against the benchmark for the risk taken: qlib's EnhancedIndexingOptimizer, max d'r
 * - lamb (v' C v + sum u d^2) with d = w - wb, v = F'd, subject to w >= 0, sum w = 1, |d| <= b_dev, |v| <=
 * f_dev, sum |w - w0| <= delta. Where nothing satisfies the turnover limit it is dropped; where that does not
 * help the current weights come back. The solver is ours (qlib's is ECOS).
 */
export function optimizePortfolio(portfolio: Portfolio, options: OptimizerOptions, log: Log): Float64Array {
  const { delta = 0.2, epsilon = 5e-5 } = options;
  const { current } = portfolio;
  const { problem, free, fixed } = freeProblem(portfolio, options);
  const isInvested = current.some((w) => w > 0);
  const limited = delta !== null && isInvested;
  let found = solveIndexing(
    limited ? { ...problem, turnover: delta - changes(fixed, current, free) } : problem,
  );
  if (!found && limited) {
    log.warn('no portfolio satisfies the turnover limit: it is dropped for this step');
    found = solveIndexing(problem);
  }
  if (!found) {
    log.warn('no portfolio satisfies the limits: the weights stay as they are');
    return current;
  }
  const w = fixed.slice();
  free.forEach((at, i) => {
    w[at] = found[i]!;
  });
  for (let i = 0; i < w.length; i++) if (w[i]! < epsilon) w[i] = 0;
  const total = w.reduce((sum, x) => sum + x, 0);
  return w.map((x) => x / total);
}

/** The problem of the weights that can change, and those that can't. */
function freeProblem(
  { score, exposure, factorCovariance, residualVariance, current, benchmark, isHeld, isSold }: Portfolio,
  { lamb = 1, b_dev = 0.01, f_dev = null, scale_return = true }: OptimizerOptions,
): { problem: IndexingProblem; free: readonly number[]; fixed: Float64Array } {
  const factors = factorCovariance.length;
  const expectedReturn = scale_return
    ? scaleReturn(score, exposure, factorCovariance, residualVariance)
    : score;
  const fixed = new Float64Array(score.length);
  const lower = benchmark.map((w) => Math.max(0, b_dev === null ? 0 : w - b_dev));
  const upper = benchmark.map((w) => Math.min(1, b_dev === null ? 1 : w + b_dev));
  const free: number[] = [];
  for (let i = 0; i < score.length; i++) {
    const bound = isSold[i] ? 0 : isHeld[i] ? current[i]! : lower[i] === upper[i] ? lower[i] : undefined;
    if (bound === undefined) free.push(i);
    else fixed[i] = bound;
  }
  const isFree = new Set(free);
  const rest = Float64Array.from(fixed, (w, i) => (isFree.has(i) ? 0 : w - benchmark[i]!));
  const pick = (values: Float64Array) => Float64Array.from(free, (i) => values[i]!);
  const problem: IndexingProblem = {
    expectedReturn: pick(expectedReturn),
    exposure: free.map((i) => exposure[i]!),
    factorCovariance,
    residualVariance: pick(residualVariance),
    benchmark: pick(benchmark),
    current: pick(current),
    lower: pick(lower),
    upper: pick(upper),
    total: 1 - fixed.reduce((sum, w) => sum + w, 0),
    fixedExposure: exposureOf(exposure, rest, factors),
    riskAversion: lamb,
    deviation: factorLimits(f_dev, factors),
    turnover: null,
  };
  return { problem, free, fixed };
}

function factorLimits(f_dev: OptimizerOptions['f_dev'], factors: number): Float64Array | null {
  if (f_dev === null || f_dev === undefined) return null;
  if (typeof f_dev === 'number') return new Float64Array(factors).fill(f_dev);
  if (f_dev.length !== factors)
    throw new UserError(`f_dev has ${f_dev.length} limits for ${factors} factors`, {
      path: ['optimizer_kwargs', 'f_dev'],
    });
  return Float64Array.from(f_dev);
}

/** Score by its standard deviation, times the root of the mean variance of the instruments. */
function scaleReturn(
  score: Float64Array,
  exposure: Matrix,
  covariance: Matrix,
  residual: Float64Array,
): Float64Array {
  const n = score.length;
  const mean = score.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(score.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  let variance = 0;
  for (let i = 0; i < n; i++) {
    const row = Float64Array.from(exposure[i]!);
    variance += times(covariance, row).reduce((sum, x, k) => sum + x * row[k]!, residual[i]!) / n;
  }
  return score.map((x) => (x / deviation) * Math.sqrt(variance));
}

/** Turnover of the weights that are fixed. */
function changes(fixed: Float64Array, current: Float64Array, free: readonly number[]): number {
  const isFree = new Set(free);
  return fixed.reduce((sum, w, i) => sum + (isFree.has(i) ? 0 : Math.abs(w - current[i]!)), 0);
}
