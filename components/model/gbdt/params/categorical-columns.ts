import { UserError } from '../../../core/errors.ts';
import { unknownName } from '../../../core/nearest.ts';
import type { TreeColumn } from '../data.ts';
import type { Params } from './resolve.ts';

/**
 * The columns that `categorical_feature` names, ascending: numbers from 0 on, or names (LightGBM's `name:a,b` too).
 * @throws UserError for columns that do not exist, and for monotone ones.
 */
export function categoricalColumns(
  { categorical_feature: text, monotone_constraints: monotone }: Params,
  { columns }: { readonly columns: readonly TreeColumn[] },
): number[] {
  const path = ['categorical_feature'];
  const names = columns.map(({ name }, i) => name ?? `Column_${i}`);
  const byName = text.startsWith('name:');
  const given = (byName ? text.slice(5) : text).split(',').map((word) => word.trim());
  const found = given
    .filter((word) => word !== '' && word !== 'auto')
    .map((word) => {
      const number = !byName && /^\d+$/.test(word) ? Number(word) : names.indexOf(word);
      if (number < 0) throw unknownName('column', word, names, path);
      if (number >= columns.length)
        throw new UserError(`categorical_feature ${number} of ${columns.length} columns`, {
          hint: 'columns are counted from 0',
          path,
        });
      if (monotone[number])
        throw new UserError(`column ${number} is categorical and monotone`, {
          hint: 'give it 0 in monotone_constraints',
          path: ['monotone_constraints'],
        });
      return number;
    });
  return [...new Set(found)].sort((a, b) => a - b);
}
