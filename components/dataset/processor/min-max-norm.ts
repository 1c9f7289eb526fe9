import { UserError } from '../../core/errors.ts';
import type { Definition } from '../../core/registry.ts';
import { extent, roundingOf } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { type FitTimeOptions, fitSegmentOf } from './fit-times.ts';
import { fieldsGroupSchema, fitTimeSchemas, kwargsSchema } from './schema.ts';

export interface MinMaxNormOptions extends FitTimeOptions {
  readonly fields_group?: string | null;
}

/**
 * (x - min) / (max - min) with the extremes of the fit segment; columns that are constant there stay as they are.
 * Source: qlib `MinMaxNorm`. @throws UserError where the fit segment has no row.
 */
export const MinMaxNorm: Definition<Processor, MinMaxNormOptions> = {
  name: 'MinMaxNorm',
  schema: kwargsSchema({ ...fitTimeSchemas, fields_group: fieldsGroupSchema }),
  create: (options) =>
    columnProcessor<{ min_val: number; max_val: number }>(
      {
        fieldsGroup: options.fields_group ?? null,
        learn(values) {
          if (values.length === 0)
            throw new UserError('no data in the fit segment of MinMaxNorm', {
              hint: "fit_start_time and fit_end_time must lie within the handler's data",
            });
          const { min, max } = extent(values);
          return min === max ? { min_val: 0, max_val: 1 } : { min_val: min, max_val: max };
        },
        map(x, { min_val, max_val }, _, out) {
          const round = roundingOf(x);
          const span = round(max_val - min_val);
          for (let i = 0; i < x.length; i++) out[i] = round(x[i]! - min_val) / span;
          return out;
        },
      },
      fitSegmentOf(options),
    ),
};
