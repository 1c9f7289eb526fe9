import type { Context } from '../../core/context.ts';
import type { Definition } from '../../core/registry.ts';
import { readEnd, readStart } from '../time-option.ts';
import type { InstProcessor } from '../types.ts';
import { kwargsSchema } from './schema.ts';

export interface TimeRangeFltOptions {
  readonly start_time?: unknown;
  readonly end_time?: unknown;
  readonly freq?: string;
}

/**
 * Keeps an instrument only where its rows begin on or before `start_time` and end on or after `end_time`, both moved into the
 * calendar; null does not ask. It knows the future: an instrument is chosen by data that came later. Source: qlib `TimeRangeFlt`.
 */
export const TimeRangeFlt: Definition<InstProcessor, TimeRangeFltOptions> = {
  name: 'TimeRangeFlt',
  schema: kwargsSchema({
    start_time: { date: true, description: 'an instrument must have data by then' },
    end_time: { date: true, description: 'an instrument must have data until then' },
    freq: { type: 'string' },
  }),
  create: openTimeRangeFlt,
};

async function openTimeRangeFlt(options: TimeRangeFltOptions, { data }: Context): Promise<InstProcessor> {
  const start = readStart(options.start_time, ['start_time']);
  const end = readEnd(options.end_time, ['end_time']);
  const calendar = await data.calendar({ start, end, freq: options.freq ?? 'day' });
  const first = start === null ? null : (calendar[0] ?? start);
  const last = end === null ? null : (calendar.at(-1) ?? end);
  return {
    apply(panel) {
      const { times } = panel.index;
      const early = first === null || times[0]! <= first;
      const late = last === null || times.at(-1)! >= last;
      return panel.length === 0 || (early && late) ? panel : panel.slice(0, 0);
    },
  };
}
