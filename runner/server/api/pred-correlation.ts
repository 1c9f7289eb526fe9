import { denseValues, type Panel } from '../../../components/core/panel.ts';
import { spearman } from '../../../components/eval/correlation.ts';

/** Days that are looked at, spread evenly: a mean over so many is close to that over all. */
const mostDays = 250;

/**
 * Mean over days of the rank correlation of two runs' scores, over instruments that both have: `(runs)(runs)`; null where
 * a run has no predictions or no day is shared.
 */
export function correlations(panels: readonly (Panel | null)[]): (number | null)[][] {
  const days = panels.map((panel) => (panel ? daysOf(panel) : null));
  const out = panels.map(() => panels.map((): number | null => null));
  for (let a = 0; a < panels.length; a++)
    for (let b = a; b < panels.length; b++) {
      const value = a === b ? (days[a] ? 1 : null) : meanCorrelation(days[a] ?? null, days[b] ?? null);
      out[a]![b] = value;
      out[b]![a] = value;
    }
  return out;
}

type Days = ReadonlyMap<number, () => Map<string, number>>;

function daysOf({ index, columns }: Panel): Days {
  const values = columns[0] ? denseValues(columns[0]) : new Float64Array(index.length);
  const days = new Map<number, () => Map<string, number>>();
  for (const [t, time] of index.times.entries())
    days.set(time, () => {
      const scores = new Map<string, number>();
      for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
        if (!Number.isNaN(values[row]!)) scores.set(index.instruments[index.codes[row]!]!, values[row]!);
      return scores;
    });
  return days;
}

function meanCorrelation(a: Days | null, b: Days | null): number | null {
  if (!a || !b) return null;
  const shared = [...a.keys()].filter((time) => b.has(time));
  const step = Math.max(1, Math.floor(shared.length / mostDays));
  let [sum, count] = [0, 0];
  for (let i = 0; i < shared.length; i += step) {
    const left = a.get(shared[i]!)!();
    const right = b.get(shared[i]!)!();
    const names = [...left.keys()].filter((name) => right.has(name));
    if (names.length < 3) continue;
    const value = spearman(
      Float64Array.from(names, (name) => left.get(name)!),
      Float64Array.from(names, (name) => right.get(name)!),
    );
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : null;
}
