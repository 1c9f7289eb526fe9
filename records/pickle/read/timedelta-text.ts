import { dayMs } from '../../../components/core/dates.ts';

/** pandas' `str` of a Timedelta: `1 days 00:00:05`. */
export function timedeltaText(ms: number): string {
  const days = Math.floor(ms / dayMs);
  const rest = ms - days * dayMs;
  const pad = (n: number, width = 2) => String(n).padStart(width, '0');
  const seconds = Math.floor(rest / 1000);
  const micros = Math.round((rest - seconds * 1000) * 1000);
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${days} days ${days < 0 ? '+' : ''}${clock}${micros === 0 ? '' : `.${pad(micros, 6)}`}`;
}
