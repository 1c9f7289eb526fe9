import { dayMs, type Time } from '../../../components/core/dates.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Tick {
  /** Share of the axis, from its low end. */
  readonly at: number;
  readonly value: number;
}

/** Least and greatest finite value, with `include` among them; a little room where both are the same. */
export function rangeOf(series: readonly ArrayLike<number>[], include: readonly number[] = []): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of [...series, include])
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!;
      if (!Number.isFinite(x)) continue;
      if (x < low) low = x;
      if (x > high) high = x;
    }
  if (low > high) return { low: 0, high: 1 };
  const room = high > low ? 0 : Math.abs(low) * 0.1 || 1;
  return { low: low - room, high: high + room };
}

/**
 * Round values within a range, about `count` of them, and the range with a little room at the ends; an end at 0 stays there. With `whole`,
 * the range is widened to the next round values instead.
 */
export function niceScale(
  { low, high }: Range,
  { count = 5, whole = false }: { count?: number; whole?: boolean } = {},
): { range: Range; ticks: Tick[] } {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? 10 * power;
  const room = (high - low) * 0.04;
  const range = whole
    ? { low: Math.floor(low / step + 1e-9) * step, high: Math.ceil(high / step - 1e-9) * step }
    : { low: low === 0 ? 0 : low - room, high: high === 0 ? 0 : high + room };
  const from = Math.ceil(range.low / step - 1e-9);
  const to = Math.floor(range.high / step + 1e-9);
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => ({
    at: ((from + i) * step - range.low) / (range.high - range.low),
    value: (from + i) * step,
  }));
  return { range, ticks };
}

/** Class of a label so near an end of the axis that it would run over it. */
export function edge(at: number): '' | ' first' | ' last' {
  return at < 0.05 ? ' first' : at > 0.95 ? ' last' : '';
}

/** Labels of a time axis, whose points stand at equal distances: years, quarters, months, days or times. */
export function timeTicks(times: ArrayLike<Time>, most = 8): { at: number; label: string }[] {
  const n = times.length;
  if (n < 2) return n === 1 ? [{ at: 0, label: dateText(times[0]!) }] : [];
  const days = (times[n - 1]! - times[0]!) / dayMs;
  for (const unit of units) {
    if (days / unit.days > most && unit !== units[units.length - 1]) continue;
    const ticks: { at: number; label: string }[] = [];
    for (let i = 1; i < n; i++)
      if (unit.key(times[i]!) !== unit.key(times[i - 1]!))
        ticks.push({ at: i / (n - 1), label: unit.label(times[i]!) });
    if (ticks.length > 0 || unit === units[units.length - 1]) return thinned(ticks, most);
  }
  return [];
}

const iso = (time: Time) => new Date(time).toISOString();
const dateText = (time: Time) => iso(time).slice(0, 10);

const units = [
  { days: 0.02, key: (t: Time) => iso(t).slice(0, 13), label: (t: Time) => iso(t).slice(11, 16) },
  { days: 1, key: (t: Time) => iso(t).slice(0, 10), label: (t: Time) => iso(t).slice(5, 10) },
  { days: 30, key: (t: Time) => iso(t).slice(0, 7), label: (t: Time) => iso(t).slice(0, 7) },
  {
    days: 91,
    key: (t: Time) => iso(t).slice(0, 4) + Math.floor(new Date(t).getUTCMonth() / 3),
    label: (t: Time) => iso(t).slice(0, 7),
  },
  {
    days: 182,
    key: (t: Time) => iso(t).slice(0, 4) + Math.floor(new Date(t).getUTCMonth() / 6),
    label: (t: Time) => iso(t).slice(0, 7),
  },
  { days: 365, key: (t: Time) => iso(t).slice(0, 4), label: (t: Time) => iso(t).slice(0, 4) },
] as const;

function thinned<T>(ticks: readonly T[], most: number): T[] {
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % step === 0);
}
