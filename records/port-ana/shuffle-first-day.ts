import type { MersenneTwister } from '../../components/backtest/mersenne-twister.ts';
import { lowerBound, type Time } from '../../components/core/dates.ts';
import { denseColumn, denseValues, type Panel } from '../../components/core/panel.ts';

/** The scores with those of the first day from `start` on shuffled among its instruments: a random position to begin with. */
export function shuffleFirstDay(pred: Panel, start: Time | null, random: MersenneTwister): Panel {
  const { index, columns } = pred;
  const day = start === null ? 0 : lowerBound(index.times, start);
  const [column, ...others] = columns;
  if (!column || day >= index.times.length) return pred;
  const values = Float64Array.from(denseValues(column));
  const from = index.offsets[day]!;
  values.set(random.shuffled([...values.subarray(from, index.offsets[day + 1]!)]), from);
  return pred.withColumns([denseColumn(column.group, column.name, values), ...others]);
}
