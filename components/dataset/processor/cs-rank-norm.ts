import { allocate } from '../../core/panel.ts';
import { rankInto } from '../../core/rank.ts';
import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { eachDay } from './each-day.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

/**
 * Ranks each column within each day, spread to about unit variance: 3.46 · (rank / n - 0.5), 3.46 ≈ √12. Ties share their mean rank;
 * missing values stay missing and are not counted in n. The result is float64 whatever the input, as pandas' ranks are.
 * Source: qlib `CSRankNorm`, whose rounded 3.46 we keep.
 */
export const CSRankNorm: Definition<Processor, { readonly fields_group?: string | null }> = {
  name: 'CSRankNorm',
  schema: kwargsSchema({ fields_group: fieldsGroupSchema }),
  create: ({ fields_group = null }) =>
    columnProcessor<undefined>({
      fieldsGroup: fields_group,
      map(x, _, index) {
        const out = allocate('f64', x.length);
        const places = new Uint32Array(x.length);
        eachDay(index, (from, to) => {
          const n = rankInto(x, out, from, to, places);
          for (let i = from; i < to; i++) out[i] = (out[i]! / n - 0.5) * 3.46;
        });
        return out;
      },
    }),
};
