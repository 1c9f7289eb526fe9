/**
 * Arithmetic in which Python and JavaScript differ, where a backtest's figures depend on it.
 */

/** Python's `min(a, b)`: the first unless the second is smaller, so that NaN in the second place loses. */
export function pyMin(a: number, b: number): number {
  return b < a ? b : a;
}

/** Python's `max(a, b)`: the first unless the second is larger. */
export function pyMax(a: number, b: number): number {
  return b > a ? b : a;
}

/**
 * Python's and numpy's `a // b` on floats: floor of the exact quotient, not of the rounded one. NaN for b = 0.
 */
export function floorDivide(a: number, b: number): number {
  if (b === 0 || !Number.isFinite(a)) return Number.NaN;
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) {
    rest += b;
    quotient -= 1;
  }
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** numpy's `isclose(a, b)` with its default tolerances: |a - b| <= 1e-8 + 1e-5 |b|; NaN is close to nothing. */
export function isClose(a: number, b: number): boolean {
  if (a === b) return true;
  return Number.isFinite(b) && Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}

/** Python's `list[:n]`: for negative n all but the last -n. */
export function firstItems<T>(items: readonly T[], n: number): readonly T[] {
  return items.slice(0, n < 0 ? Math.max(0, items.length + n) : n);
}

/** numpy's `nansum`: 0 when nothing is there. */
export function nanSum(values: Iterable<number>): number {
  let sum = 0;
  for (const x of values) if (!Number.isNaN(x)) sum += x;
  return sum;
}

/** numpy's `nanmean`: NaN when nothing is there. */
export function nanMean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const x of values)
    if (!Number.isNaN(x)) {
      sum += x;
      count++;
    }
  return count > 0 ? sum / count : Number.NaN;
}

/** numpy's and Python's rounding to a whole number: halves go to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
