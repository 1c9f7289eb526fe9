import { UserError } from '../../../components/core/errors.ts';
import { readFilter } from '../../../components/data/filter-config.ts';
import type { Workflow } from '../types.ts';
import { walk } from './walk.ts';

/** Filters of instruments, wherever a `filter_pipe` stands; their expressions are looked at with all others. */
export function checkFilters({ config }: Workflow): UserError[] {
  const errors: UserError[] = [];
  walk(config['task'], ['task'], (value, path) => {
    if (path.at(-1) !== 'filter_pipe' || !Array.isArray(value)) return;
    for (const [i, filter] of value.entries()) {
      try {
        readFilter(filter, [...path, i]);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        errors.push(error);
      }
    }
  });
  return errors;
}
