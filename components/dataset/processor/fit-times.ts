import { UserError } from '../../core/errors.ts';
import { readEnd, readStart } from '../time-option.ts';
import type { Segment } from '../types.ts';

/** Kwargs of the processors that learn from a range of time. */
export interface FitTimeOptions {
  readonly fit_start_time?: unknown;
  readonly fit_end_time?: unknown;
}

/**
 * The range that the kwargs give; null where they leave it to the handler. Both or neither: null opens an end.
 * @throws UserError for one without the other and for what is no date.
 */
export function fitSegmentOf(options: FitTimeOptions): Segment | null {
  const { fit_start_time: start, fit_end_time: end } = options;
  if (start === undefined && end === undefined) return null;
  if (start === undefined || end === undefined)
    throw new UserError(`${start === undefined ? 'fit_start_time' : 'fit_end_time'} is missing`, {
      hint: 'give both fit_start_time and fit_end_time; null opens an end',
    });
  return { start: readStart(start, ['fit_start_time']), end: readEnd(end, ['fit_end_time']) };
}
