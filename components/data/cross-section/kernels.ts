import { UserError } from '../../core/errors.ts';

/** Computes one day: inputs and output hold a value an instrument. */
export type DayKernel = (inputs: readonly ArrayLike<number>[], out: Float64Array) => void;

/**
 * Kernels by operator name, all in float64; NaN stays NaN and counts for nobody.
 * - `CSRank(x)`: place among the day's values as a share, (0, 1]; ties share their mean place (pandas `rank(pct=True)`).
 * - `CSZScore(x)`: (x - mean) / standard deviation (n - 1); NaN where fewer than two values or no spread.
 * - `CSDemean(x)`: x - mean.
 * - `GroupNeutralize(x, g)`: x less the mean of the instruments with the same g; NaN where g is NaN.
 */
export const dayKernels: Readonly<Record<string, DayKernel>> = {
  CSRank: ([x], out) => rankShares(x!, out),
  CSZScore([x], out) {
    const { mean, count } = meanOf(x!);
    let squares = 0;
    for (let i = 0; i < x!.length; i++) if (!Number.isNaN(x![i]!)) squares += (x![i]! - mean) ** 2;
    const std = Math.sqrt(squares / (count - 1));
    for (let i = 0; i < x!.length; i++) out[i] = std > 0 ? (x![i]! - mean) / std : Number.NaN;
  },
  CSDemean([x], out) {
    const { mean } = meanOf(x!);
    for (let i = 0; i < x!.length; i++) out[i] = x![i]! - mean;
  },
  GroupNeutralize([x, group], out) {
    const sums = new Map<number, { sum: number; count: number }>();
    for (let i = 0; i < x!.length; i++) {
      if (Number.isNaN(x![i]!) || Number.isNaN(group![i]!)) continue;
      const own = sums.get(group![i]!) ?? { sum: 0, count: 0 };
      own.sum += x![i]!;
      own.count++;
      sums.set(group![i]!, own);
    }
    for (let i = 0; i < x!.length; i++) {
      const own = sums.get(group![i]!);
      out[i] = own ? x![i]! - own.sum / own.count : Number.NaN;
    }
  },
};

/** @throws UserError for an operator that has no kernel */
export function dayKernel(name: string): DayKernel {
  const kernel = Object.hasOwn(dayKernels, name) ? dayKernels[name] : undefined;
  if (!kernel) throw new UserError(`${name} is no operator across instruments`);
  return kernel;
}

function meanOf(x: ArrayLike<number>): { mean: number; count: number } {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    sum += x[i]!;
    count++;
  }
  return { mean: sum / count, count };
}

function rankShares(x: ArrayLike<number>, out: Float64Array): void {
  const order: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) out[i] = Number.NaN;
    else order.push(i);
  }
  order.sort((a, b) => x[a]! - x[b]!);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && x[order[to]!] === x[order[from]!]) to++;
    // places from + 1 to `to`
    for (let k = from; k < to; k++) out[order[k]!] = (from + 1 + to) / 2 / order.length;
    from = to;
  }
}
