import { UserError } from '../../components/core/errors.ts';
import type { RecordContext } from '../record.ts';

/** The model or dataset that a record works on: the one in its kwargs, made or as a config, else the task's. @throws UserError where there is neither. */
export async function fromTask<K extends 'model' | 'dataset'>(
  context: RecordContext,
  kind: K,
  own: unknown,
  record: string,
): Promise<NonNullable<RecordContext[K]>> {
  const found = own ? await context.build(kind, own, [kind]) : context[kind];
  if (!found)
    throw new UserError(`${record} has no ${kind}`, {
      hint: `the task has none; give kwargs: {${kind}: ...}`,
      path: [kind],
    });
  return found as NonNullable<RecordContext[K]>;
}

/** Schemas of the kwargs `model` and `dataset`. */
export const taskPartProperties = {
  model: {
    anyOf: [{ component: 'model' }, { type: 'null' }],
    description: 'default: the model of the task',
  },
  dataset: {
    anyOf: [{ component: 'dataset' }, { type: 'null' }],
    description: 'default: the dataset of the task',
  },
} as const;
