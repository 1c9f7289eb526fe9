import type { Values } from './panel.ts';
import { roundingOf } from './stats.ts';

/** Mean of the values present in `x[from .. to)` with Kahan's correction, in the precision of the storage; NaN where none is. pandas `groupby(...).mean()`. */
export function kahanMean(x: Values, from: number, to: number): number {
  const round = roundingOf(x);
  let sum = 0;
  let lost = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(x[i]!)) continue;
    const y = round(x[i]! - lost);
    const next = round(sum + y);
    lost = round(round(next - sum) - y);
    sum = next;
    count++;
  }
  return round(sum / count);
}
