import { nextUp } from './next-up.ts';

/**
 * Upper bounds of at most `maxBin` bins over sorted distinct values with counts: about equally many rows a bin; a value that fills
 * a bin by itself gets its own. A bound is the middle between two neighbours, raised by one ulp; the last is +Infinity.
 * Source: LightGBM `GreedyFindBin` (src/io/bin.cpp).
 */
export function greedyBins(
  values: Float64Array,
  counts: Float64Array,
  maxBin: number,
  total: number,
  minDataInBin: number,
): number[] {
  return values.length <= maxBin
    ? everyValue(values, counts, minDataInBin)
    : equalShares(values, counts, maxBin, total, minDataInBin);
}

function everyValue(values: Float64Array, counts: Float64Array, minDataInBin: number): number[] {
  const bounds: number[] = [];
  let inBin = 0;
  for (let i = 0; i < values.length - 1; i++) {
    inBin += counts[i]!;
    if (inBin >= minDataInBin && pushBound(bounds, values[i]!, values[i + 1]!)) inBin = 0;
  }
  bounds.push(Number.POSITIVE_INFINITY);
  return bounds;
}

function equalShares(
  values: Float64Array,
  counts: Float64Array,
  wanted: number,
  total: number,
  minDataInBin: number,
): number[] {
  const maxBin = minDataInBin > 0 ? Math.max(Math.min(wanted, Math.trunc(total / minDataInBin)), 1) : wanted;
  let meanSize = total / maxBin;
  let restBins = maxBin;
  let restRows = total;
  const bigSize = meanSize;
  for (let i = 0; i < values.length; i++) {
    if (counts[i]! < bigSize) continue;
    restBins--;
    restRows -= counts[i]!;
  }
  meanSize = restRows / restBins;
  const upper: number[] = [];
  const lower = [values[0]!];
  let inBin = 0;
  for (let i = 0; i < values.length - 1; i++) {
    const isBig = !(counts[i]! < bigSize);
    if (!isBig) restRows -= counts[i]!;
    inBin += counts[i]!;
    const full =
      isBig || inBin >= meanSize || (!(counts[i + 1]! < bigSize) && inBin >= Math.max(1, meanSize * 0.5));
    if (!full) continue;
    upper.push(values[i]!);
    lower.push(values[i + 1]!);
    if (upper.length >= maxBin - 1) break;
    inBin = 0;
    if (!isBig) {
      restBins--;
      meanSize = restRows / restBins;
    }
  }
  const bounds: number[] = [];
  for (let i = 0; i < upper.length; i++) pushBound(bounds, upper[i]!, lower[i + 1]!);
  bounds.push(Number.POSITIVE_INFINITY);
  return bounds;
}

/** Adds the bound between two values unless it equals the last one; true if added. */
export function pushBound(bounds: number[], below: number, above: number): boolean {
  const bound = nextUp((below + above) / 2);
  const last = bounds.at(-1);
  if (last !== undefined && bound <= nextUp(last)) return false;
  bounds.push(bound);
  return true;
}
