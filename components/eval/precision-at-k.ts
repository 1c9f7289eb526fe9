import type { Panel } from '../core/panel.ts';
import { pairsByDay } from './pairs-by-day.ts';

export interface PrecisionAtK {
  readonly times: Float64Array;
  /** Share of the k best scores of the day whose label counts as right; NaN where none of them has a label. */
  readonly precision: Float64Array;
}

/**
 * How many of the k best scores of a day turn out right: their label lies above 0, or with `isAlpha` above the mean label of the day.
 * Only instruments with score and label are ranked; ties go by name; on a day with fewer than k all of them count.
 */
export function precisionAtK(
  pred: Panel,
  label: Panel,
  k: number,
  { isAlpha = false }: { readonly isAlpha?: boolean } = {},
): PrecisionAtK {
  const times: number[] = [];
  const precision: number[] = [];
  for (const { time, pred: scores, label: labels } of pairsByDay(pred, label)) {
    const order = Uint32Array.from(scores, (_, i) => i).filter(
      (i) => !Number.isNaN(scores[i]!) && !Number.isNaN(labels[i]!),
    );
    order.sort((i, j) => scores[j]! - scores[i]! || i - j);
    const threshold = isAlpha ? order.reduce((sum, i) => sum + labels[i]!, 0) / order.length : 0;
    const best = order.subarray(0, k);
    const right = best.reduce((sum, i) => sum + (labels[i]! > threshold ? 1 : 0), 0);
    times.push(time);
    precision.push(best.length > 0 ? right / best.length : Number.NaN);
  }
  return { times: Float64Array.from(times), precision: Float64Array.from(precision) };
}
