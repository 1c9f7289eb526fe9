import type { Definition } from '../../core/registry.ts';
import { mean } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { eachDay } from './each-day.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

/** Puts the mean of the day's values of that column where one is missing; stays missing where the day has none. Source: qlib `CSZFillna`. */
export const CSZFillna: Definition<Processor, { readonly fields_group?: string | null }> = {
  name: 'CSZFillna',
  schema: kwargsSchema({ fields_group: fieldsGroupSchema }),
  create: ({ fields_group = null }) =>
    columnProcessor<undefined>({
      fieldsGroup: fields_group,
      map(x, _, index, out) {
        if (out !== x) out.set(x);
        eachDay(index, (from, to) => {
          const middle = mean(x, from, to);
          for (let i = from; i < to; i++) if (Number.isNaN(out[i]!)) out[i] = middle;
        });
        return out;
      },
    }),
};
