import type { Time } from '../../components/core/dates.ts';

/** Running sum; NaN counts as 0. */
export function summed(values: ArrayLike<number>): Float64Array {
  let sum = 0;
  return Float64Array.from(values, (x) => (sum += Number.isNaN(x) ? 0 : x));
}

/** Running product of 1 + x, less 1; NaN counts as 0. */
export function compounded(values: ArrayLike<number>): Float64Array {
  let wealth = 1;
  return Float64Array.from(values, (x) => (wealth *= 1 + (Number.isNaN(x) ? 0 : x)) - 1);
}

/** How far wealth lies below its highest so far, 0 or less; the start counts. */
export function drawdown(returns: ArrayLike<number>): Float64Array {
  let [wealth, most] = [1, 1];
  return Float64Array.from(returns, (x) => {
    wealth *= 1 + (Number.isNaN(x) ? 0 : x);
    most = Math.max(most, wealth);
    return wealth / most - 1;
  });
}

/** Mean of the last `count` values that are there; NaN until half of them are. */
export function movingAverage(values: ArrayLike<number>, count: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let [sum, present] = [0, 0];
    for (let k = Math.max(0, i - count + 1); k <= i; k++)
      if (!Number.isNaN(values[k]!)) {
        sum += values[k]!;
        present++;
      }
    out[i] = present * 2 >= count ? sum / present : Number.NaN;
  }
  return out;
}

/** Values by year and month: `years.get(2021)[0]` are those of January 2021. */
export function byMonth(times: ArrayLike<Time>, values: ArrayLike<number>): Map<number, number[][]> {
  const years = new Map<number, number[][]>();
  for (let i = 0; i < times.length; i++) {
    const date = new Date(times[i]!);
    const year = date.getUTCFullYear();
    let months = years.get(year);
    if (!months) years.set(year, (months = Array.from({ length: 12 }, () => [])));
    if (!Number.isNaN(values[i]!)) months[date.getUTCMonth()]!.push(values[i]!);
  }
  return years;
}
