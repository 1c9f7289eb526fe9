import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { unknownName } from '../../../components/core/nearest.ts';
import { referredTo } from '../placeholder.ts';
import { isPlaceholder } from '../spec.ts';
import type { Workflow } from '../types.ts';
import { walk } from './walk.ts';

const known = ['<MODEL>', '<DATASET>', '<PRED>'];

/** Placeholders that stand for nothing, or where they are not filled in. */
export function checkPlaceholders({ config }: Workflow): UserError[] {
  const errors: UserError[] = [];
  const { task } = config;
  walk(task, ['task'], (value, path) => {
    if (!isPlaceholder(value) || referredTo(task, value) !== undefined) return;
    if (!known.includes(value)) errors.push(unknownName('placeholder', value, known, path));
    else if (path[1] !== 'record') errors.push(outOfPlace(value, path));
  });
  return errors;
}

function outOfPlace(value: string, path: KeyPath): UserError {
  return new UserError(`the placeholder ${value} is not filled in here`, {
    hint: 'allowed only below task.record: model and dataset are made before there is anything to fill in',
    path,
  });
}
