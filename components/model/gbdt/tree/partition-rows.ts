import { type MissingType, missingNaN, missingZero, zeroThreshold } from '../constants.ts';
import type { FeatureColumn } from '../data.ts';

/** Which rows go left at a node that compares a number. */
export interface SplitRule {
  readonly threshold: number;
  readonly missing: MissingType;
  readonly defaultLeft: boolean;
}

/**
 * Stable partition of the rows `rows[from .. to)` (or from .. to - 1): those that go left are written to `out` from `from` on, the others
 * backwards from `to - 1`. Returns how many go left. No branch depends on a value: mispredicted ones would take most of the time.
 */
export function partitionRows(
  { values, rows: selection }: FeatureColumn,
  rule: SplitRule,
  rows: Uint32Array | null,
  from: number,
  to: number,
  out: Uint32Array,
): number {
  const { missing, threshold } = rule;
  // NaN compares false; where it stands for zero, or goes left, it is let through
  const nanLeft = (missing === missingNaN || missing === missingZero ? rule.defaultLeft : 0 <= threshold)
    ? 1
    : 0;
  let left = from;
  let right = to - 1;
  if (missing === missingZero) {
    const zeroLeft = rule.defaultLeft ? 1 : 0;
    for (let i = from; i < to; i++) {
      const row = rows ? rows[i]! : i;
      const x = values[selection ? selection[row]! : row]!;
      const zero = Number(x >= -zeroThreshold) & Number(x <= zeroThreshold);
      const nan = Number(Number.isNaN(x));
      const goes = ((zero | nan) & zeroLeft) | ((1 - (zero | nan)) & Number(x <= threshold));
      out[left] = row;
      out[right] = row;
      left += goes;
      right += goes - 1;
    }
    return left - from;
  }
  if (selection && rows)
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const x = values[selection[row]!]!;
      const goes = Number(x <= threshold) | (Number(Number.isNaN(x)) & nanLeft);
      out[left] = row;
      out[right] = row;
      left += goes;
      right += goes - 1;
    }
  else if (selection)
    for (let i = from; i < to; i++) {
      const x = values[selection[i]!]!;
      const goes = Number(x <= threshold) | (Number(Number.isNaN(x)) & nanLeft);
      out[left] = i;
      out[right] = i;
      left += goes;
      right += goes - 1;
    }
  else
    for (let i = from; i < to; i++) {
      const row = rows ? rows[i]! : i;
      const x = values[row]!;
      const goes = Number(x <= threshold) | (Number(Number.isNaN(x)) & nanLeft);
      out[left] = row;
      out[right] = row;
      left += goes;
      right += goes - 1;
    }
  return left - from;
}
