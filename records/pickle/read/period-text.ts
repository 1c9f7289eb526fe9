import { dayMs } from '../../../components/core/dates.ts';

/** pandas' `str` of a Period of the common frequencies: `2020-01`, `2020Q1`, `2020`, `2020-01-02`. */
export function periodText(freq: string, ordinal: number): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  if (freq.startsWith('M')) return `${1970 + Math.floor(ordinal / 12)}-${pad(mod(ordinal, 12) + 1)}`;
  if (freq.startsWith('Q')) return `${1970 + Math.floor(ordinal / 4)}Q${mod(ordinal, 4) + 1}`;
  if (freq.startsWith('Y') || freq.startsWith('A')) return String(1970 + ordinal);
  if (freq === 'D') return dayText(ordinal);
  return `${freq} ${ordinal}`;
}

function dayText(day: number): string {
  const time = day * dayMs;
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().slice(0, 10) : `D ${day}`;
}

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}
