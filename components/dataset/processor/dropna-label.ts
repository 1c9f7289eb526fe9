import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { dropMissing } from './dropna-processor.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

/** Drops the rows without a label: for learning only, as prediction has none. Source: qlib `DropnaLabel`. */
export const DropnaLabel: Definition<Processor, { readonly fields_group?: string | null }> = {
  name: 'DropnaLabel',
  schema: kwargsSchema({ fields_group: fieldsGroupSchema }),
  create: ({ fields_group = 'label' }) => ({
    forInfer: false,
    ...(fields_group === null ? {} : { dropsRowsBy: fields_group }),
    apply: (panel) => dropMissing(panel, fields_group),
  }),
};
