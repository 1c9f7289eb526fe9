/**
 * Times are numbers: milliseconds since 1970-01-01 as if all clocks were UTC (pandas' naive datetimes). Exact for
 * every calendar frequency, comparable with `<`, and ordinary array indices never mix with them.
 */
export type Time = number;

export const dayMs = 86_400_000;

const pattern = /^(\d{4})([-/]?)(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;

/** Parses `2020-01-31`, `2020/01/31`, `20200131`, `2020-01-31 09:35:00`; undefined for anything else, also for 30 February. */
export function parseTime(text: string): Time | undefined {
  const m = pattern.exec(text.trim());
  if (!m) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = m
    .filter((_, i) => i !== 2)
    .slice(1, 7)
    .map((x) => (x === undefined ? 0 : Number(x)));
  const time = Date.UTC(year!, month! - 1, day!, hour, minute, second);
  const back = new Date(time);
  if (
    back.getUTCMonth() + 1 !== month ||
    back.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return undefined;
  return time + (m[8] ? Math.trunc(Number(`0.${m[8]}`) * 1000) : 0);
}

/** `2020-01-31`, or `2020-01-31 09:35:00` where the time of day is not midnight. */
export function formatTime(time: Time): string {
  const iso = new Date(time).toISOString();
  return time % dayMs === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** First index in the ascending `times` whose value is >= `time`; `times.length` if none is. */
export function lowerBound(times: ArrayLike<number>, time: Time): number {
  let lo = 0;
  let hi = times.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (times[mid]! < time) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** First index whose value is > `time`. */
export function upperBound(times: ArrayLike<number>, time: Time): number {
  let lo = 0;
  let hi = times.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (times[mid]! <= time) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
