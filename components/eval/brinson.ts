/** One day of a profit attribution. Weights and returns by instrument; what has no entry has no weight, what has no group takes no part. */
export interface BrinsonDay {
  /** Weights of the portfolio's instruments, such as their shares in the money invested. */
  readonly portfolio: ReadonlyMap<string, number>;
  readonly benchmark: ReadonlyMap<string, number>;
  /** Group of each instrument: its sector, or a bin of its size. */
  readonly groups: ReadonlyMap<string, string | number>;
  /** Return over the day that follows. */
  readonly returns: ReadonlyMap<string, number>;
}

/** The excess return of a day, taken apart; the first three sum up to the total. Named as in qlib's table. */
export interface Brinson {
  /** Allocation: groups weighted unlike the benchmark's. */
  readonly RAA: number;
  /** Selection: instruments within groups. */
  readonly RSS: number;
  /** Interaction of the two. */
  readonly RIN: number;
  readonly RTotal: number;
}

/** Weight and return of one group. */
interface GroupSum {
  weight: number;
  /** Σ weight · return */
  contribution: number;
}

/** What one group adds, and what it weighs. */
export interface BrinsonGroup extends Brinson {
  readonly weight: number;
  readonly benchWeight: number;
}

/**
 * Profit attribution by groups: with group weights w and returns r of portfolio (p) and benchmark (b), Q₁ = Σ w_b r_b, Q₂ = Σ w_p r_b,
 * Q₃ = Σ w_b r_p, Q₄ = Σ w_p r_p; allocation Q₂ - Q₁, selection Q₃ - Q₁, interaction Q₄ - Q₃ - Q₂ + Q₁, total Q₄ - Q₁. A group that the
 * portfolio does not hold counts with the benchmark's return; missing returns count as 0.
 * Sources: Brinson, Hood and Beebower (1986), Determinants of portfolio performance; qlib's `brinson_pa` (backtest/profit_attribution.py).
 */
export function brinson(day: BrinsonDay): Brinson {
  const sum = { RAA: 0, RSS: 0, RIN: 0, RTotal: 0 };
  for (const group of brinsonByGroup(day).values())
    for (const name of ['RAA', 'RSS', 'RIN', 'RTotal'] as const) sum[name] += group[name];
  return sum;
}

/** The terms of each group of a day, see `brinson`. */
export function brinsonByGroup({
  portfolio,
  benchmark,
  groups,
  returns,
}: BrinsonDay): Map<string | number, BrinsonGroup> {
  const held = byGroup(portfolio, groups, returns);
  const bench = byGroup(benchmark, groups, returns);
  const found = new Map<string | number, BrinsonGroup>();
  for (const group of new Set([...groups.values()])) {
    const p = held.get(group);
    const b = bench.get(group);
    const [weight, benchWeight] = [p?.weight ?? 0, b?.weight ?? 0];
    const benchReturn = b && benchWeight !== 0 ? b.contribution / benchWeight : Number.NaN;
    const ownReturn = p && weight !== 0 ? p.contribution / weight : benchReturn;
    const q1 = product(benchWeight, benchReturn);
    const q2 = product(weight, benchReturn);
    const q3 = product(benchWeight, ownReturn);
    const q4 = product(weight, ownReturn);
    found.set(group, {
      weight,
      benchWeight,
      RAA: q2 - q1,
      RSS: q3 - q1,
      RIN: q4 - q3 - q2 + q1,
      RTotal: q4 - q1,
    });
  }
  return found;
}

/** pandas' sum leaves out what is missing. */
function product(weight: number, groupReturn: number): number {
  return Number.isNaN(groupReturn) ? 0 : weight * groupReturn;
}

function byGroup(
  weights: ReadonlyMap<string, number>,
  groups: ReadonlyMap<string, string | number>,
  returns: ReadonlyMap<string, number>,
): Map<string | number, GroupSum> {
  const sums = new Map<string | number, GroupSum>();
  for (const [instrument, weight] of weights) {
    const group = groups.get(instrument);
    if (group === undefined || Number.isNaN(weight)) continue;
    let sum = sums.get(group);
    if (!sum) sums.set(group, (sum = { weight: 0, contribution: 0 }));
    sum.weight += weight;
    sum.contribution += product(weight, returns.get(instrument) ?? Number.NaN);
  }
  return sums;
}

/**
 * Groups by size, number 1 the biggest: bins between quantiles of the benchmark's values, open at both ends. NaN values get no group.
 * Source: qlib's `get_daily_bin_group`.
 */
export function binGroups(
  benchmark: Iterable<number>,
  values: ReadonlyMap<string, number>,
  count: number,
): Map<string, number> {
  const sorted = Float64Array.from([...benchmark].filter((x) => !Number.isNaN(x))).sort();
  const bounds = Array.from({ length: count - 1 }, (_, i) => quantileOf(sorted, (i + 1) / count));
  const groups = new Map<string, number>();
  for (const [instrument, value] of values)
    if (!Number.isNaN(value)) groups.set(instrument, count - bounds.filter((bound) => value >= bound).length);
  return groups;
}

function quantileOf(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}
