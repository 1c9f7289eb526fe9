import type { Report, Values } from '../types.ts';

/** Sums so far; a gap counts as nothing. */
export function cumulative(values: Values): number[] {
  let sum = 0;
  return values.map((value) => (sum += value ?? 0));
}

/** How far below its highest point so far. */
export function drawdown(total: readonly number[]): number[] {
  let top = 0;
  return total.map((value) => {
    top = Math.max(top, value);
    return value - top;
  });
}

export const less = (a: Values, b: Values | null): Values =>
  a.map((value, i) => (value === null ? null : value - (b?.[i] ?? 0)));

/** Daily returns after cost, and those above the benchmark's. */
export function returnsOf({
  return: gross,
  bench,
  cost,
}: Report): { net: Values; excess: Values; bench: Values | null } | null {
  if (!gross) return null;
  const net = less(gross, cost);
  return { net, excess: less(net, bench), bench };
}

/** Sums of daily values by year and month. */
export function monthly(
  days: readonly string[],
  values: Values,
): { years: string[]; cells: [number, number, number][]; yearly: [string, number][] } {
  const sums = new Map<string, number>();
  const perYear = new Map<string, number>();
  for (const [i, day] of days.entries()) {
    const value = values[i] ?? 0;
    const month = day.slice(0, 7);
    sums.set(month, (sums.get(month) ?? 0) + value);
    perYear.set(day.slice(0, 4), (perYear.get(day.slice(0, 4)) ?? 0) + value);
  }
  const years = [...perYear.keys()];
  const cells = [...sums].map(([month, sum]): [number, number, number] => [
    Number(month.slice(5, 7)) - 1,
    years.indexOf(month.slice(0, 4)),
    sum,
  ]);
  return { years, cells, yearly: [...perYear] };
}

export const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Means over the last `count` values. */
export function rollingMean(values: Values, count: number): Values {
  let [sum, n] = [0, 0];
  return values.map((value, i) => {
    if (value !== null) {
      sum += value;
      n++;
    }
    const old = values[i - count];
    if (old !== null && old !== undefined) {
      sum -= old;
      n--;
    }
    return n >= Math.min(count, 5) ? sum / n : null;
  });
}

export const present = (values: Values): number[] =>
  values.filter((value): value is number => value !== null);
