import type { Panel } from '../core/panel.ts';
import { pairsByDay } from './pairs-by-day.ts';
import { scoreOrder } from './score-order.ts';

export interface PrecisionAtK {
  readonly times: Float64Array;
  /** Share of the k best scores of a day whose label lies above 0, `(ks)(days)`; NaN where none of them has a label. */
  readonly rising: readonly Float64Array[];
  /** The same above the mean label of the day. */
  readonly better: readonly Float64Array[];
}

/**
 * How many of the k best scores of a day turn out right. Only instruments with score and label are ranked; ties go by name; on a day
 * with fewer than k all of them count.
 */
export function precisionAtK(pred: Panel, label: Panel, ks: readonly number[]): PrecisionAtK {
  const times: number[] = [];
  const rising = ks.map(() => [] as number[]);
  const better = ks.map(() => [] as number[]);
  for (const { time, pred: scores, label: labels } of pairsByDay(pred, label)) {
    const ranked = new Float64Array(scores.length);
    let [sum, count] = [0, 0];
    for (let i = 0; i < scores.length; i++) {
      ranked[i] = Number.isNaN(labels[i]!) ? Number.NaN : scores[i]!;
      if (Number.isNaN(ranked[i]!)) continue;
      sum += labels[i]!;
      count++;
    }
    const mean = sum / count;
    const order = scoreOrder(ranked, Math.max(0, ...ks));
    times.push(time);
    for (const [j, k] of ks.entries()) {
      const best = order.subarray(0, k);
      rising[j]!.push(shareAbove(labels, best, 0));
      better[j]!.push(shareAbove(labels, best, mean));
    }
  }
  const arrays = (lists: readonly number[][]) => lists.map((list) => Float64Array.from(list));
  return { times: Float64Array.from(times), rising: arrays(rising), better: arrays(better) };
}

/** NaN of none. */
function shareAbove(labels: Float64Array, chosen: Uint32Array, limit: number): number {
  let right = 0;
  for (const i of chosen) if (labels[i]! > limit) right++;
  return right / chosen.length;
}
