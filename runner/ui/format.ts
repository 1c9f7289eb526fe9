/** Numbers as tables show them: four significant digits, and no digits lost of whole ones. */
export function shownNumber(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString('en');
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e12)) return value.toExponential(3);
  return size >= 1000 ? value.toLocaleString('en', { maximumFractionDigits: 1 }) : value.toPrecision(4);
}

export const shownPercent = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined || Number.isNaN(value) ? '' : `${(100 * value).toFixed(digits)}%`;

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-24 06:29`, in the time zone of the reader. */
export function shownTime(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '';
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

export function shownDuration(ms: number | null): string {
  if (ms === null || ms < 0) return '';
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(s < 10 ? 1 : 0)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(Math.floor(s % 60))} s`;
  return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
}

export function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)} ${units[unit]}`;
}

/** The last parts of a dotted key, as long as they are short. */
export function shortKey(key: string): string {
  const parts = key.split('.');
  return parts.length > 2 && !key.includes(' ') ? parts.slice(-2).join('.') : key;
}
