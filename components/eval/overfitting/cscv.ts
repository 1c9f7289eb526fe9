/** What combinatorially symmetric cross-validation says of choosing the best of several strategies. */
export interface Overfitting {
  /** Share of the splits in which the best in-sample strategy is at or below the median out of sample. */
  readonly probability: number;
  /** Logits of the out-of-sample rank of the in-sample best, one a split: ln(ω / (1 - ω)). */
  readonly logits: Float64Array;
  /** Share of the splits in which the in-sample best has a Sharpe ratio below 0 out of sample. */
  readonly probabilityOfLoss: number;
  /** Slope of out-of-sample on in-sample Sharpe ratio of the chosen strategies; below 0: the better it looks, the worse it does. */
  readonly slope: number;
  readonly splits: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation. The rows (days) of the returns are cut into
 * `blocks` equal parts; for each choice of half of them, the strategy with the greatest Sharpe ratio there is looked up in the other
 * half: ω is its rank among all N strategies, 1 the worst, over N + 1; overfit where ln(ω/(1-ω)) ≤ 0. Ties of a rank share it.
 * Days that do not fill the blocks are left out at the beginning; a strategy without variance has ratio 0. NaN counts as 0.
 * @param returns (strategies) of (days)
 * @param blocks even, 16 in the paper; fewer where there are fewer days
 * Source: Bailey, Borwein, López de Prado and Zhu (2017), The probability of backtest overfitting, Journal of Computational Finance 20(4).
 */
export function backtestOverfitting(returns: readonly ArrayLike<number>[], blocks = 16): Overfitting {
  const days = returns[0]?.length ?? 0;
  const parts = 2 * Math.floor(Math.min(blocks, days) / 2);
  const strategies = returns.length;
  if (strategies < 2 || parts < 2) throw new RangeError('at least two strategies and two days are needed');
  const size = Math.floor(days / parts);
  const first = days - size * parts;
  const sums = returns.map((r) => blockSums(r, { first, size, parts }));
  const inside = new Float64Array(strategies);
  const outside = new Float64Array(strategies);
  const logits: number[] = [];
  const [chosenIn, chosenOut]: [number[], number[]] = [[], []];
  for (const half of halves(parts)) {
    for (const [k, { sum, squares }] of sums.entries()) {
      let [s, q, S, Q] = [0, 0, 0, 0];
      for (let b = 0; b < parts; b++)
        if (half[b] === 1) [s, q] = [s + sum[b]!, q + squares[b]!];
        else [S, Q] = [S + sum[b]!, Q + squares[b]!];
      inside[k] = ratio(s, q, (size * parts) / 2);
      outside[k] = ratio(S, Q, (size * parts) / 2);
    }
    let best = 0;
    for (let k = 1; k < strategies; k++) if (inside[k]! > inside[best]!) best = k;
    const omega = rankOf(outside, best) / (strategies + 1);
    logits.push(Math.log(omega / (1 - omega)));
    chosenIn.push(inside[best]!);
    chosenOut.push(outside[best]!);
  }
  const splits = logits.length;
  return {
    probability: logits.filter((l) => l <= 0).length / splits,
    logits: Float64Array.from(logits),
    probabilityOfLoss: chosenOut.filter((r) => r < 0).length / splits,
    slope: slopeOf(chosenIn, chosenOut),
    splits,
  };
}

function blockSums(
  returns: ArrayLike<number>,
  { first, size, parts }: { readonly first: number; readonly size: number; readonly parts: number },
): { sum: Float64Array; squares: Float64Array } {
  const sum = new Float64Array(parts);
  const squares = new Float64Array(parts);
  for (let b = 0; b < parts; b++)
    for (let i = first + b * size; i < first + (b + 1) * size; i++) {
      const r = Number.isNaN(returns[i]!) ? 0 : returns[i]!;
      sum[b]! += r;
      squares[b]! += r * r;
    }
  return { sum, squares };
}

/** Mean over sample standard deviation. */
function ratio(sum: number, squares: number, n: number): number {
  const variance = (squares - (sum * sum) / n) / (n - 1);
  return variance > 1e-30 ? sum / n / Math.sqrt(variance) : 0;
}

/** 1 for the smallest; ties share the mean of their ranks. */
function rankOf(values: Float64Array, at: number): number {
  let [below, same] = [0, 0];
  for (const value of values)
    if (value < values[at]!) below++;
    else if (value === values[at]!) same++;
  return below + (same + 1) / 2;
}

/** All choices of half of n parts, as marks. */
function* halves(n: number): Generator<Uint8Array> {
  const marks = new Uint8Array(n);
  const chosen = Array.from({ length: n / 2 }, (_, i) => i);
  for (;;) {
    marks.fill(0);
    for (const i of chosen) marks[i] = 1;
    yield marks;
    let i = chosen.length - 1;
    while (i >= 0 && chosen[i] === n - chosen.length + i) i--;
    if (i < 0) return;
    chosen[i]!++;
    for (let j = i + 1; j < chosen.length; j++) chosen[j] = chosen[j - 1]! + 1;
  }
}

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx] = [0, 0];
  for (const [i, value] of x.entries()) {
    xy += (value - mx) * (y[i]! - my);
    xx += (value - mx) ** 2;
  }
  return xy / xx;
}
