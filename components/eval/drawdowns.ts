/** One stretch below an earlier height. */
export interface Drawdown {
  /** Index of the first step below the height. */
  readonly from: number;
  /** Index of the deepest step. */
  readonly bottom: number;
  /** Index of the step that reaches the height again; null where none does. */
  readonly recovered: number | null;
  /** Wealth at the bottom / the height - 1. */
  readonly depth: number;
}

/** The stretches in which compounded wealth lies below its highest so far (1 at the start), in order of time. NaN returns count as 0. */
export function drawdowns(returns: ArrayLike<number>): Drawdown[] {
  const found: Drawdown[] = [];
  let [wealth, most] = [1, 1];
  let from = -1;
  let bottom = -1;
  let depth = 0;
  for (let i = 0; i < returns.length; i++) {
    const r = returns[i]!;
    wealth *= 1 + (Number.isNaN(r) ? 0 : r);
    if (wealth >= most) {
      if (from >= 0) found.push({ from, bottom, recovered: i, depth });
      [most, from, depth] = [wealth, -1, 0];
      continue;
    }
    if (from < 0) from = i;
    if (wealth / most - 1 < depth) [depth, bottom] = [wealth / most - 1, i];
  }
  if (from >= 0) found.push({ from, bottom, recovered: null, depth });
  return found;
}
