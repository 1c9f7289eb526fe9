/**
 * The `alpha` percentile of values: between the two neighbours in the order from the largest on, as LightGBM takes it
 * (regression_objective.hpp, PercentileFun). With `single`, neighbours are float32 and so is the result.
 */
export function percentile(values: Float64Array, alpha: number, single = false): number {
  const n = values.length;
  if (n <= 1) return values[0]!;
  const sorted = values.slice().sort();
  const descending = (k: number) => sorted[n - 1 - k]!;
  const place = (n - 1) * (1 - alpha);
  const k = Math.trunc(place) + 1;
  if (k < 1) return descending(0);
  if (k >= n) return descending(n - 1);
  const [above, below] = [descending(k - 1), descending(k)];
  const gap = single ? Math.fround(above - below) : above - below;
  const value = above - gap * (place - (k - 1));
  return single ? Math.fround(value) : value;
}

/**
 * The weighted percentile as LightGBM 4.7.0 takes it, by the cumulated weights of the ascending values: between two neighbours where the
 * upper one weighs at least 1, else the lower one. (4.6 and before interpolate otherwise; checked against lightgbm 4.7.0.)
 */
export function weightedPercentile(
  values: Float64Array,
  weights: ArrayLike<number>,
  alpha: number,
  single = false,
): number {
  const n = values.length;
  if (n <= 1) return values[0]!;
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const cumulated = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) cumulated[i] = sum += weights[order[i]!]!;
  const threshold = sum * alpha;
  let k = cumulated.findIndex((c) => c > threshold);
  if (k < 0) k = n - 1;
  if (k === 0 || k === n - 1) return values[order[k]!]!;
  const [below, above] = [values[order[k - 1]!]!, values[order[k]!]!];
  const step = cumulated[k]! - cumulated[k - 1]!;
  if (!(step >= 1)) return below;
  const gap = single ? Math.fround(above - below) : above - below;
  const value = ((threshold - cumulated[k - 1]!) / step) * gap + below;
  return single ? Math.fround(value) : value;
}
