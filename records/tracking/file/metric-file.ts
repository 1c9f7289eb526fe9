import { floatRepr } from '../../pickle/python-repr.ts';
import type { MetricPoint } from '../types.ts';

/** One line of a metric file: `TIMESTAMP VALUE STEP`, the value as Python's `repr` writes floats. */
export function formatPoint({ timestamp, value, step }: MetricPoint): string {
  return `${timestamp} ${valueText(value)} ${step}\n`;
}

/** `floatRepr`, quicker for the usual sizes. */
function valueText(value: number): string {
  const size = Math.abs(value);
  if (!(size >= 1e-4 && size < 1e16)) return floatRepr(value);
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python's `float(text)`, as far as metric files use it. */
export function parseFloatText(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isNaN(value)) return text === '' ? undefined : value;
  switch (text.toLowerCase()) {
    case 'nan':
    case '-nan':
    case '+nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}

/** Reads a line without its end; undefined where it is no point: a writer may have died in the middle of it. */
export function parsePoint(row: string): MetricPoint | undefined {
  const parts = row.trim().split(' ');
  // MLflow reads two fields as step 0; five are written by MLflow 3 for a metric of a data set.
  if (parts.length !== 3 && parts.length !== 2 && parts.length !== 5) return undefined;
  const value = parseFloatText(parts[1]!);
  const step = parts.length === 2 ? 0 : Number(parts[2]);
  if (value === undefined || !/^\d+$/.test(parts[0]!) || !Number.isInteger(step)) return undefined;
  return { timestamp: Number(parts[0]), value, step };
}

/** All points of a file's text, in order. Lines that are none are left out. */
export function parsePoints(text: string): MetricPoint[] {
  const points: MetricPoint[] = [];
  for (const row of text.split('\n')) {
    if (row === '') continue;
    const point = parsePoint(row);
    if (point) points.push(point);
  }
  return points;
}

/** Is `a` more current than `b`: by step, then time, then value? NaN is below every number. */
export function isLater(a: MetricPoint, b: MetricPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return a.value > b.value || (Number.isNaN(b.value) && !Number.isNaN(a.value));
}

/** The current point: the greatest by (step, timestamp, value). */
export function latestPoint(text: string): MetricPoint | undefined {
  const end = text.indexOf('\n');
  if (end === text.length - 1) return parsePoint(text.slice(0, end));
  let best: MetricPoint | undefined;
  for (const point of parsePoints(text)) if (!best || isLater(point, best)) best = point;
  return best;
}
