import { pow } from '../core/power.ts';
/** The mean of a series and how sure it is. */
export interface MeanTest {
  readonly count: number;
  readonly mean: number;
  readonly standardError: number;
  readonly t: number;
  readonly lags: number;
}

/**
 * Mean of a series with Newey and West's standard error, which allows for autocorrelation up to `lags`: `S = g(0) + 2 sum_l (1 - l / (lags + 1)) g(l)`,
 * `g(l) = sum_t (x(t) - m)(x(t - l) - m) / n`, error `sqrt(S / n)`. By default `lags` is `floor(4 (n / 100)^(2/9))`. No NaN may be among the values;
 * NaN for fewer than two, and `t` where the series is constant.
 * Source: Newey and West, A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance matrix (1987); statsmodels' `cov_type="HAC"`.
 */
export function neweyWest(
  values: Float64Array,
  lags: number = Math.floor(4 * pow(values.length / 100, 2 / 9)),
): MeanTest {
  const n = values.length;
  let mean = 0;
  for (const x of values) mean += x / n;
  let variance = 0;
  for (let lag = 0; lag <= Math.min(lags, n - 1); lag++) {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (values[t]! - mean) * (values[t - lag]! - mean);
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * (sum / n);
  }
  const standardError = n < 2 ? Number.NaN : Math.sqrt(Math.max(0, variance) / n);
  const isConstant = values.every((x) => x === values[0]);
  return {
    count: n,
    mean: n === 0 ? Number.NaN : mean,
    standardError: isConstant && n > 1 ? 0 : standardError,
    t: isConstant ? Number.NaN : mean / standardError,
    lags,
  };
}
