import { Random } from './random.ts';

/** Ten sectors; a name is the sector and a number. */
export const sectors = [
  'BANK',
  'CHEM',
  'CONS',
  'ENRG',
  'HLTH',
  'INDU',
  'REAL',
  'TECH',
  'TELE',
  'UTIL',
] as const;

/** What all instruments share, by day: returns of the market and of each sector beyond it, and how busy the day is. */
export interface CommonFactors {
  readonly market: Float64Array;
  readonly sectors: readonly Float64Array[];
  /** Mean 0, added to the logarithm of every volume. */
  readonly activity: Float64Array;
}

/** Variance relative to its long-run mean 1, GARCH(1, 1): h' = 0.04 + 0.09 z^2 h + 0.87 h. */
export function nextVariance(variance: number, shock: number): number {
  return 0.04 + variance * (0.87 + 0.09 * Math.min(shock * shock, 16));
}

/** Returns whose mean over all days is `drift` exactly, so that no seed makes a market of decay. */
function clustered(random: Random, days: number, drift: number, daily: number): Float64Array {
  const out = new Float64Array(days);
  let variance = 1;
  let sum = 0;
  for (let day = 0; day < days; day++) {
    const shock = random.shock();
    out[day] = daily * Math.sqrt(variance) * shock;
    sum += out[day]!;
    variance = nextVariance(variance, shock);
  }
  for (let day = 0; day < days; day++) out[day]! += drift - sum / days;
  return out;
}

/** Market: 8 % a year with 15 % volatility; sectors: no drift, 9 % volatility; both cluster. */
export function commonFactors(seed: number, days: number): CommonFactors {
  const market = clustered(new Random(seed, 1), days, 0.08 / 252, 0.0095);
  const random = new Random(seed, 2);
  const activity = new Float64Array(days);
  let level = 0;
  for (let day = 0; day < days; day++) {
    level = 0.9 * level + 0.1 * random.normal();
    activity[day] = level + 12 * Math.abs(market[day]!) - 0.09;
  }
  return {
    market,
    activity,
    sectors: sectors.map((_, k) => clustered(new Random(seed, 10 + k), days, 0, 0.0057)),
  };
}
