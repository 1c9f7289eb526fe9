import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { chooseColumns } from './column-processor.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

export interface FilterColOptions {
  readonly fields_group?: string | null;
  readonly col_list?: readonly string[];
}

/**
 * Keeps, of one group, only the named columns; columns of other groups stay. As in qlib the choice is by name alone: a column of the
 * group that has the name of a column outside it stays too, and names are remembered from one panel to the next.
 * Source: qlib `FilterCol`. @throws UserError for an unknown group.
 */
export const FilterCol: Definition<Processor, FilterColOptions> = {
  name: 'FilterCol',
  schema: kwargsSchema({
    fields_group: fieldsGroupSchema,
    col_list: { type: 'array', items: { type: 'string' } },
  }),
  create({ fields_group = 'feature', col_list = [] }) {
    const kept = new Set(col_list);
    return {
      apply(panel) {
        const mask = chooseColumns(panel.columns, fields_group);
        const inside = new Set(panel.columns.filter((_, i) => mask[i]).map(({ name }) => name));
        for (const { name } of panel.columns) if (!inside.has(name)) kept.add(name);
        return panel.select(({ name }) => kept.has(name));
      },
    };
  },
};
