import type { Time } from '../../components/core/dates.ts';

/** A value that is another one when later days are cut away: something looked ahead. */
export interface Difference {
  /** Part of the workflow: `feature`, `processed feature`, `prediction`, `report`, `orders`. */
  readonly part: string;
  readonly column: string;
  /** Values that differ. */
  readonly count: number;
  readonly time: Time;
  readonly instrument: string | null;
  /** The value with all data, and with the days until the cut, at the largest difference. */
  readonly whole: unknown;
  readonly cut: unknown;
}

/** Largest relative difference that rounding may bring to a feature. */
const featureTolerance = 1e-6;
/** The same for predictions and what follows: float32 sums over more rows are added up in another order. */
export const resultTolerance = 3e-5;

/** How far two values are apart: relative, infinite where only one is a number; 0 within rounding. `scale` is the usual size of such values. */
export function distance(a: number, b: number, tolerance = featureTolerance, scale = 0): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const apart = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), scale);
  return apart <= tolerance || Math.abs(a - b) < 1e-12 ? 0 : apart;
}

/** How large a difference is, by which the one that is shown is chosen. */
export function sizeOf(a: number, b: number): number {
  const size = Math.abs(a - b);
  return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
}
