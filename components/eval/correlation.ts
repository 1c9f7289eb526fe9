import { stableOrder } from '../core/stable-order.ts';

/**
 * Pearson's correlation of the pairs in which both are present, in double precision. NaN for fewer than two
 * pairs, and where one side is constant. As `pandas.Series.corr`.
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs = presentPairs(a, b);
  return pairs ? correlate(pairs.x, pairs.y) : Number.NaN;
}

/**
 * Spearman's rank correlation of the pairs in which both are present: Pearson's of the ranks, ties sharing
 * their mean rank. As `pandas.Series.corr(method="spearman")`.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs = presentPairs(a, b);
  return pairs ? correlate(ranks(pairs.x), ranks(pairs.y)) : Number.NaN;
}

/** Ranks from 1, ties sharing their mean rank. No NaN may be among the values. */
export function ranks(values: Float64Array): Float64Array {
  const order = stableOrder(values);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) out[order[k]!] = (from + 1 + to) / 2;
    from = to;
  }
  return out;
}

function presentPairs(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { x: Float64Array; y: Float64Array } | undefined {
  const x = new Float64Array(a.length);
  const y = new Float64Array(a.length);
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]!) || Number.isNaN(b[i]!)) continue;
    x[n] = a[i]!;
    y[n++] = b[i]!;
  }
  return n > 1 ? { x: x.subarray(0, n), y: y.subarray(0, n) } : undefined;
}

function correlate(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]!;
    meanY += y[i]!;
  }
  meanX /= n;
  meanY /= n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  let isConstantX = true;
  let isConstantY = true;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
    if (x[i] !== x[0]) isConstantX = false;
    if (y[i] !== y[0]) isConstantY = false;
  }
  if (isConstantX || isConstantY) return Number.NaN;
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}
