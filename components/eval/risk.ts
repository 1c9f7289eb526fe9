import { mean as meanOf, sampleStandardDeviation } from 'simple-statistics';
import { UserError } from '../core/errors.ts';
import { type FreqUnit, parseFreq } from '../core/freq.ts';
import { pow } from '../core/power.ts';

export type AccumulationMode = 'sum' | 'product';

export interface RiskOptions {
  /** Steps a year. Goes before `freq`. */
  readonly n?: number | null;
  /** Frequency of the returns, from which qlib's steps a year follow. Default day. */
  readonly freq?: string | null;
  /** How returns accumulate. Default sum. */
  readonly mode?: AccumulationMode;
}

/** qlib's `risk_analysis`, in its order. */
export interface Risk {
  readonly mean: number;
  readonly std: number;
  readonly annualized_return: number;
  readonly information_ratio: number;
  readonly max_drawdown: number;
}

/** Steps a year by qlib (contrib/evaluate.py): 238 days, 50 weeks, 12 months, 240 minutes a day. */
const stepsAYear: Readonly<Record<FreqUnit, number>> = { min: 240 * 238, day: 238, week: 50, month: 12 };

/** Steps a year of a frequency: those of its unit by its count. */
export function annualSteps(freq: string): number {
  const { count, unit } = parseFreq(freq);
  return stepsAYear[unit] / count;
}

/**
 * Risk figures of a series of returns: qlib's `risk_analysis`. NaN returns are left out.
 *
 * `sum`: mean and sample standard deviation; annualized_return = mean x n; max_drawdown = least of cumsum - its
 * maximum so far (which begins at the first return, not at 0). `product`, with W the product of 1 + r over all
 * T returns: mean = W^(1/T) - 1; std of log(1 + r); annualized_return = W^(n/T) - 1; max_drawdown = least of
 * wealth / its maximum so far - 1; as in pandas, everything but std is NaN where the last return is.
 * information_ratio = mean / std x sqrt(n) in both. No return at all gives NaN throughout (qlib raises for
 * `product`).
 * @throws UserError for another mode, and where neither n nor freq is given
 */
export function riskAnalysis(
  returns: ArrayLike<number>,
  { n, freq = 'day', mode = 'sum' }: RiskOptions = {},
): Risk {
  if ((n === undefined || n === null) && freq === null)
    throw new UserError('neither n nor freq is given', {
      hint: 'one of them must say how many steps a year has',
    });
  const steps = n ?? annualSteps(freq!);
  const r = Float64Array.from(returns);
  if (mode === 'sum') return bySum(r, steps);
  if (mode === 'product') return byProduct(r, steps);
  throw new UserError(`unknown accumulation mode "${String(mode)}"`, { hint: 'allowed: sum, product' });
}

function bySum(r: Float64Array, n: number): Risk {
  const mean = averageOf(r);
  const std = deviationOf(r);
  let sum = 0;
  let most = Number.NEGATIVE_INFINITY;
  let drawdown = Number.NaN;
  for (const x of r) {
    if (Number.isNaN(x)) continue;
    sum += x;
    most = Math.max(most, sum);
    drawdown = least(drawdown, sum - most);
  }
  return figures(mean, std, mean * n, drawdown, n);
}

function byProduct(r: Float64Array, n: number): Risk {
  let wealth = 1;
  let most = Number.NEGATIVE_INFINITY;
  let drawdown = Number.NaN;
  for (const x of r) {
    if (Number.isNaN(x)) continue;
    wealth *= 1 + x;
    most = Math.max(most, wealth);
    drawdown = least(drawdown, wealth / most - 1);
  }
  const final = r.length === 0 || Number.isNaN(r[r.length - 1]!) ? Number.NaN : wealth;
  const mean = pow(final, 1 / r.length) - 1;
  const std = deviationOf(r.map((x) => Math.log(1 + x)));
  return figures(mean, std, pow(final, n / r.length) - 1, drawdown, n);
}

function figures(mean: number, std: number, annualized: number, drawdown: number, n: number): Risk {
  return {
    mean,
    std,
    annualized_return: annualized,
    information_ratio: (mean / std) * Math.sqrt(n),
    max_drawdown: drawdown,
  };
}

/** The smaller; NaN gives way. */
function least(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}

/** Mean without NaN; NaN of nothing. */
export function averageOf(values: ArrayLike<number>): number {
  const present = presentOf(values);
  return present.length > 0 ? meanOf(present) : Number.NaN;
}

/** Sample standard deviation (by n - 1) without NaN; NaN of fewer than two. */
export function deviationOf(values: ArrayLike<number>): number {
  const present = presentOf(values);
  return present.length > 1 ? sampleStandardDeviation(present) : Number.NaN;
}

function presentOf(values: ArrayLike<number>): number[] {
  return Array.from(values).filter((x) => !Number.isNaN(x));
}
