import { UserError } from '../../components/core/errors.ts';
import { locate } from './locate.ts';
import { validated } from './sound.ts';
import { isSpec, readSpec } from './spec.ts';
import type { Resolved, ResolveOptions } from './types.ts';

export { isSpec };

/**
 * Finds what a class config names and checks its kwargs by the schema and `check` of its definition; configs nested in kwargs are
 * checked when they are resolved themselves (`checkWorkflow` does them all at once).
 * @throws UserError with a path relative to `spec`
 */
export async function resolveComponent(
  kind: string,
  spec: unknown,
  options: ResolveOptions,
): Promise<Resolved> {
  const errors: UserError[] = [];
  const read = readSpec(kind, spec, errors);
  if (errors[0]) throw errors[0];
  if (!read) throw new Error('a class config without name and without error');
  const definition = await locate(kind, read, options.defaultModule, options);
  const kwargs: Record<string, unknown> = { ...read.kwargs };
  if (options.check !== false) {
    const [error] = (await validated(definition.schema, kwargs)).errors;
    if (error) throw error.within(read.kwargsPath);
    within(read.kwargsPath, () => definition.check?.(kwargs));
  }
  return { definition, kwargs, className: read.name, modulePath: read.module ?? options.defaultModule ?? '' };
}

function within(path: readonly (string | number)[], run: () => void): void {
  try {
    run();
  } catch (error) {
    throw error instanceof UserError ? error.within(path) : error;
  }
}
