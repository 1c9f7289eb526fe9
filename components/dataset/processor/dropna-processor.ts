import { allocate, type Panel } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { chooseColumns, type FieldsGroup } from './column-processor.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

/**
 * The rows in which no column of the group is missing; infinities stay. The rest shares its storage.
 * @throws UserError for an unknown group.
 */
export function dropMissing(panel: Panel, fieldsGroup: FieldsGroup): Panel {
  const mask = chooseColumns(panel.columns, fieldsGroup);
  const keep = new Uint8Array(panel.length).fill(1);
  panel.columns.forEach(({ values, rows }, i) => {
    if (!mask[i]) return;
    for (let row = 0; row < keep.length; row++)
      if (Number.isNaN(values[rows ? rows[row]! : row]!)) keep[row] = 0;
  });
  let count = 0;
  for (let row = 0; row < keep.length; row++) count += keep[row]!;
  if (count === panel.length) return panel;
  const rows = new Uint32Array(allocate('f32', count).buffer);
  for (let row = 0, at = 0; row < keep.length; row++) if (keep[row]) rows[at++] = row;
  return panel.take(rows);
}

/** Drops the rows in which a column of the group (default: any) is missing. Source: qlib `DropnaProcessor`. */
export const DropnaProcessor: Definition<Processor, { readonly fields_group?: string | null }> = {
  name: 'DropnaProcessor',
  schema: kwargsSchema({ fields_group: fieldsGroupSchema }),
  create: ({ fields_group = null }) => ({
    ...(fields_group === null ? {} : { dropsRowsBy: fields_group }),
    apply: (panel) => dropMissing(panel, fields_group),
  }),
};
