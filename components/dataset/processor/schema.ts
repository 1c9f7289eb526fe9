import type { Schema } from '../../core/registry.ts';

/** `fields_group` of most processors: one group of columns; null means all. */
export const fieldsGroupSchema: Schema = {
  type: ['string', 'null'],
  description: 'group of columns, such as feature or label; null: all columns',
};

/** The range that a processor learns from. Alpha158 and Alpha360 fill it in; null is open. */
export const fitTimeSchemas: Readonly<Record<string, Schema>> = {
  fit_start_time: { date: true, description: 'first day to learn from' },
  fit_end_time: { date: true, description: 'last day to learn from' },
};

/** Kwargs of a processor: these and no others. */
export function kwargsSchema(properties: Readonly<Record<string, Schema>>, required: string[] = []): Schema {
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length ? { required } : {}),
  };
}
