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
    if (typeof value !== 'string') return;
    const isInRecord = path[1] === 'record';
    if (known.includes(value)) {
      if (!isInRecord) errors.push(outOfPlace(value, path));
    } else if (isInRecord && isSlip(value)) errors.push(unknownName('placeholder', value, known, path));
    else if (isPlaceholder(value) && referredTo(task, value) === undefined)
      errors.push(unknownName('placeholder', value, known, path));
  });
  return errors;
}

/** `<model>`, `PRED`, `PRED>`: one of the three, badly written. */
const isSlip = (value: string) => /^<?(?:model|dataset|pred)>?$/i.test(value) && /[A-Z<>]/.test(value);

function outOfPlace(value: string, path: KeyPath): UserError {
  return new UserError(`the placeholder ${value} is not filled in here`, {
    hint: 'allowed only below task.record: model and dataset are made before there is anything to fill in',
    path,
  });
}
