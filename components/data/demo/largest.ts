/** Membership of a market that is chosen anew on the first day of each year: the `count` largest instruments. */
export interface Membership {
  readonly name: string;
  /** Indices into the calendar, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface Candidate extends Membership {
  /** Value of all shares on each year's first day; 0 where it is not traded. */
  readonly capital: ArrayLike<number>;
}

/** Years on end make one span, so that an instrument has several where it comes and goes; sorted by name, then time. */
export function largestByYear(
  candidates: readonly Candidate[],
  yearStarts: readonly number[],
  days: number,
  count: number,
): Membership[] {
  const spans = new Map<string, { firstDay: number; lastDay: number }[]>();
  yearStarts.forEach((start, year) => {
    const end = (yearStarts[year + 1] ?? days) - 1;
    const members = candidates
      .filter((c) => c.capital[year]! > 0)
      .sort((a, b) => b.capital[year]! - a.capital[year]! || (a.name < b.name ? -1 : 1))
      .slice(0, count);
    for (const { name, lastDay } of members) {
      const own = spans.get(name) ?? [];
      const last = own.at(-1);
      if (last && last.lastDay === start - 1) last.lastDay = Math.min(end, lastDay);
      else own.push({ firstDay: start, lastDay: Math.min(end, lastDay) });
      spans.set(name, own);
    }
  });
  return [...spans.keys()].sort().flatMap((name) => spans.get(name)!.map((span) => ({ name, ...span })));
}
