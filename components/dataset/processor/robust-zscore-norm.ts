import type { Definition } from '../../core/registry.ts';
import { medianOfPresent, presentValues, roundingOf, standardizeInto } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { type FitTimeOptions, fitSegmentOf } from './fit-times.ts';
import { fieldsGroupSchema, fitTimeSchemas, kwargsSchema } from './schema.ts';

export interface RobustZScoreNormOptions extends FitTimeOptions {
  readonly fields_group?: string | null;
  readonly clip_outlier?: boolean;
}

/**
 * (x - median) / (1.4826 · (MAD + 1e-12)) with median and median absolute deviation of the values present in the fit segment, cut to
 * [-3, 3] unless `clip_outlier` is false. Source: qlib `RobustZScoreNorm`, computed in the column's precision as numpy does.
 */
export const RobustZScoreNorm: Definition<Processor, RobustZScoreNormOptions> = {
  name: 'RobustZScoreNorm',
  schema: kwargsSchema({
    ...fitTimeSchemas,
    fields_group: fieldsGroupSchema,
    clip_outlier: { type: 'boolean' },
  }),
  create: (options) =>
    columnProcessor<{ mean_train: number; std_train: number }>(
      {
        fieldsGroup: options.fields_group ?? null,
        learn(values) {
          const round = roundingOf(values);
          const packed = presentValues(values);
          const center = medianOfPresent(packed);
          let missing = false;
          for (let i = 0; i < packed.length; i++) {
            packed[i] = Math.abs(packed[i]! - center);
            if (Number.isNaN(packed[i]!)) missing = true;
          }
          const deviation = medianOfPresent(missing ? presentValues(packed) : packed);
          return {
            mean_train: center,
            std_train: round(round(deviation + round(1e-12)) * round(1.4826)),
          };
        },
        map(x, { mean_train, std_train }, _, out) {
          standardizeInto(x, mean_train, std_train, out);
          if (options.clip_outlier ?? true)
            for (let i = 0; i < out.length; i++) {
              const value = out[i]!;
              if (value > 3) out[i] = 3;
              else if (value < -3) out[i] = -3;
            }
          return out;
        },
      },
      fitSegmentOf(options),
    ),
};
