import { lowerBound, type Time } from '../../components/core/dates.ts';
import type { NumpyRandom } from '../../components/core/numpy-random.ts';
import { denseColumn, denseValues, type Panel } from '../../components/core/panel.ts';

/** The scores with those of the first day from `start` on shuffled among its instruments: a random position to begin with. */
export function shuffleFirstDay(pred: Panel, start: Time | null, random: NumpyRandom): Panel {
  const { index, columns } = pred;
  const day = start === null ? 0 : lowerBound(index.times, start);
  const [column, ...others] = columns;
  if (!column || day >= index.times.length) return pred;
  const values = Float64Array.from(denseValues(column));
  random.shuffle(values.subarray(index.offsets[day]!, index.offsets[day + 1]!));
  return pred.withColumns([denseColumn(column.group, column.name, values), ...others]);
}
