import type { Definition } from '../../core/registry.ts';
import { mean, populationStd, standardizeInto } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { type FitTimeOptions, fitSegmentOf } from './fit-times.ts';
import { fieldsGroupSchema, fitTimeSchemas, kwargsSchema } from './schema.ts';

export interface ZScoreNormOptions extends FitTimeOptions {
  readonly fields_group?: string | null;
}

/**
 * (x - mean) / std with mean and standard deviation (divisor n) of the values present in the fit segment; columns that are constant
 * there stay as they are; a column with an infinity there becomes NaN. Source: qlib `ZScoreNorm`, computed in the column's precision as numpy does.
 */
export const ZScoreNorm: Definition<Processor, ZScoreNormOptions> = {
  name: 'ZScoreNorm',
  schema: kwargsSchema({ ...fitTimeSchemas, fields_group: fieldsGroupSchema }),
  create: (options) =>
    columnProcessor<{ mean_train: number; std_train: number }>(
      {
        fieldsGroup: options.fields_group ?? null,
        learn(values) {
          const std = populationStd(values);
          return std === 0 ? { mean_train: 0, std_train: 1 } : { mean_train: mean(values), std_train: std };
        },
        map(x, { mean_train, std_train }, _, out) {
          standardizeInto(x, mean_train, std_train, out);
          return out;
        },
      },
      fitSegmentOf(options),
    ),
};
