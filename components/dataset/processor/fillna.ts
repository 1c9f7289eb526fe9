import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

export interface FillnaOptions {
  readonly fields_group?: string | null;
  readonly fill_value?: number;
}

/** Puts `fill_value` (default 0) where a value is missing; infinities stay. Source: qlib `Fillna`. */
export const Fillna: Definition<Processor, FillnaOptions> = {
  name: 'Fillna',
  schema: kwargsSchema({ fields_group: fieldsGroupSchema, fill_value: { type: 'number' } }),
  create: ({ fields_group = null, fill_value = 0 }) =>
    columnProcessor<undefined>({
      fieldsGroup: fields_group,
      map(x, _, __, out) {
        for (let i = 0; i < x.length; i++) out[i] = Number.isNaN(x[i]!) ? fill_value : x[i]!;
        return out;
      },
    }),
};
