import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { kwargsSchema } from './schema.ts';

/** Drops columns by name, whatever their group; names that no column has change nothing. Source: qlib `DropCol`. */
export const DropCol: Definition<Processor, { readonly col_list?: readonly string[] }> = {
  name: 'DropCol',
  schema: kwargsSchema({ col_list: { type: 'array', items: { type: 'string' } } }),
  create({ col_list = [] }) {
    const dropped = new Set(col_list);
    return { apply: (panel) => panel.select(({ name }) => !dropped.has(name)) };
  },
};
