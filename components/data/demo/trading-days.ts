import { dayMs, type Time } from '../../core/dates.ts';

const weekday = (time: Time) => (Math.floor(time / dayMs) + 4) % 7;

/** The n-th given weekday of a month (1 = Monday); n = 0: the last one. */
function nthWeekday(year: number, month: number, day: number, n: number): Time {
  if (n === 0) {
    const last = Date.UTC(year, month, 0);
    return last - ((weekday(last) - day + 7) % 7) * dayMs;
  }
  const first = Date.UTC(year, month - 1, 1);
  return first + (((day - weekday(first) + 7) % 7) + (n - 1) * 7) * dayMs;
}

/** A fixed date, kept on Friday or Monday when it falls on a weekend. */
function observed(year: number, month: number, date: number): Time {
  const time = Date.UTC(year, month - 1, date);
  const day = weekday(time);
  return day === 6 ? time - dayMs : day === 0 ? time + dayMs : time;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher). */
function easter(year: number): Time {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const h = (19 * a + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - h - (rest % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}

function holidays(year: number): Time[] {
  return [
    observed(year, 1, 1),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easter(year) - 2 * dayMs,
    nthWeekday(year, 5, 1, 0),
    observed(year, 7, 4),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(year, 12, 25),
  ];
}

/** Weekdays of the years [first, last] without the nine holidays of a US exchange. */
export function tradingDays(first: number, last: number): Float64Array {
  const days: Time[] = [];
  for (let year = first; year <= last; year++) {
    const closed = new Set([...holidays(year), ...holidays(year + 1)]);
    for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += dayMs) {
      const day = weekday(time);
      if (day !== 0 && day !== 6 && !closed.has(time)) days.push(time);
    }
  }
  return Float64Array.from(days);
}
