import { TemplateFailure } from './failure.ts';
import type { Named, Value } from './values.ts';

/**
 * Arguments by name: the first `least` names must be given, the others may be. Positional ones take the names in order.
 * @throws TemplateFailure for too many, too few and unknown ones
 */
export function bind(
  what: string,
  names: readonly string[],
  least: number,
  args: readonly Value[],
  named: Named,
): (Value | undefined)[] {
  if (args.length > names.length)
    throw new TemplateFailure(
      `${what} takes ${names.length === 0 ? 'no arguments' : `at most ${names.length} argument(s): ${names.join(', ')}`}`,
    );
  const bound = names.map((name, i) => args[i] ?? (i < args.length ? args[i] : named.get(name)));
  for (const name of named.keys()) {
    const i = names.indexOf(name);
    if (i < 0)
      throw new TemplateFailure(
        `${what} takes no argument "${name}"`,
        names.length > 0 ? `allowed: ${names.join(', ')}` : undefined,
      );
    if (i < args.length) throw new TemplateFailure(`${what} is given "${name}" twice`);
  }
  const lacking = bound.findIndex((value, i) => value === undefined && i < least);
  if (lacking >= 0) throw new TemplateFailure(`${what} needs "${names[lacking]}"`);
  return bound;
}
