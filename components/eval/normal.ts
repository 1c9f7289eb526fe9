/** Terms of the continued fraction: far more than double precision needs from 3 on. */
const terms = 200;

/**
 * Probability that a standard normal value lies below x, to about 13 digits: 1/2 + φ(x) Σ x^(2k+1) / (2k+1)!! about the middle, in the tails
 * φ(x) / (x + 1/(x + 2/(x + 3/(x + ...)))). Sources: Marsaglia (2004), Evaluating the normal distribution; Laplace's fraction.
 */
export function normalProbability(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const y = Math.abs(x);
  if (y < 3) {
    let [sum, term] = [0, x];
    for (let k = 1; sum + term !== sum; k += 2) {
      sum += term;
      term *= (x * x) / (k + 2);
    }
    return 0.5 + density * sum;
  }
  if (y > 40) return x < 0 ? 0 : 1;
  let fraction = y;
  for (let k = terms; k > 0; k--) fraction = y + k / fraction;
  return x < 0 ? density / fraction : 1 - density / fraction;
}

/**
 * The value that a standard normal one stays below with probability p; infinite at 0 and 1, NaN outside. By bisection down to neighbouring
 * numbers: it is asked for a few times a run.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // the upper tail loses digits: 1 - p is exact where it matters
  if (p > 0.5) return -normalQuantile(1 - p);
  let [low, high] = [-40, 0];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
}
