import type { Panel } from '../core/panel.ts';
import { stableOrder } from '../core/stable-order.ts';
import { pairsByDay } from './pairs-by-day.ts';

export interface GroupReturns {
  readonly times: Float64Array;
  /** Mean label a day of each group, the best scores first: `(groups)(days)`; NaN where a group is empty. */
  readonly groups: readonly Float64Array[];
  /** Mean label of all instruments with a score. */
  readonly average: Float64Array;
}

/**
 * Mean labels of groups of equal size by score, day by day: of the n instruments with a score, in falling order (ties by name), group i has
 * places ⌊n/N⌋ i to ⌊n/N⌋ (i + 1). NaN labels are left out of means. Source: qlib's `_group_return` (contrib/report/analysis_model).
 */
export function groupReturns(pred: Panel, label: Panel, count = 5): GroupReturns {
  const times: number[] = [];
  const groups = Array.from({ length: count }, () => [] as number[]);
  const average: number[] = [];
  for (const { time, pred: scores, label: labels } of pairsByDay(pred, label)) {
    const order = stableOrder(scores, true).filter((i) => !Number.isNaN(scores[i]!));
    if (order.length === 0) continue;
    const size = Math.floor(order.length / count);
    times.push(time);
    for (const [g, group] of groups.entries()) group.push(meanAt(labels, order, size * g, size * (g + 1)));
    average.push(meanAt(labels, order, 0, order.length));
  }
  return {
    times: Float64Array.from(times),
    groups: groups.map((group) => Float64Array.from(group)),
    average: Float64Array.from(average),
  };
}

function meanAt(values: Float64Array, order: Uint32Array, from: number, to: number): number {
  let [sum, count] = [0, 0];
  for (let k = from; k < to; k++) {
    const x = values[order[k]!]!;
    if (Number.isNaN(x)) continue;
    sum += x;
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
