import { UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';

/** Least and greatest values; `open`: the least one itself is not allowed. */
export interface ParamRange {
  readonly least: number;
  readonly most?: number;
  readonly open?: boolean;
}

/** What a library's parameters are. */
export interface ParamRules {
  /** For messages. */
  readonly library: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Main name of each alias. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Values that are allowed; of names without a default they have no effect. */
  readonly choices: Readonly<Record<string, readonly unknown[]>>;
  readonly ranges: Readonly<Record<string, ParamRange>>;
  readonly whole: ReadonlySet<string>;
  /** Parameters that may be a list of names. */
  readonly lists?: ReadonlySet<string>;
  /** Taken and without effect. */
  readonly ignored: readonly string[];
}

/**
 * Parameters by main name with defaults, and which ones were given; null is not given.
 * @throws UserError with the parameter as path: unknown names, wrong values, what is not supported.
 */
export function resolveLibraryParams(
  given: Readonly<Record<string, unknown>>,
  rules: ParamRules,
): { readonly values: Record<string, unknown>; readonly chosen: ReadonlySet<string> } {
  const { library, defaults, aliases, choices, ignored, lists } = rules;
  const values: Record<string, unknown> = { ...defaults };
  const chosen = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || ignored.includes(name)) continue;
    const main = aliases[name] ?? name;
    const allowed = Object.hasOwn(choices, main) ? choices[main] : undefined;
    if (allowed && !allowed.includes(value))
      throw new UserError(`${name}: ${JSON.stringify(value)} is not supported`, {
        hint: `allowed: ${allowed.join(', ')}`,
        path: [name],
      });
    const known = Object.hasOwn(defaults, main);
    if (!allowed && !known)
      throw unknownName(
        `${library} parameter`,
        name,
        [...Object.keys(defaults), ...Object.keys(aliases), ...Object.keys(choices), ...ignored],
        [name],
      );
    chosen.add(main);
    if (known)
      values[main] = lists?.has(main) ? [value].flat() : allowed ? value : numberOf(main, name, value, rules);
  }
  return { values, chosen };
}

/** A number, also as text. */
function numberOf(main: string, name: string, given: unknown, { ranges, whole }: ParamRules): number {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  const wrong = (rule: string) =>
    new UserError(`${name} is ${JSON.stringify(given)}`, { hint: `it must be ${rule}`, path: [name] });
  if (typeof value !== 'number' || Number.isNaN(value)) throw wrong('a number');
  if (whole.has(main) && !Number.isInteger(value)) throw wrong('a whole number');
  const range = Object.hasOwn(ranges, main) ? ranges[main] : undefined;
  if (range && (value < range.least || (range.open && value === range.least)))
    throw wrong(range.open ? `above ${range.least}` : `at least ${range.least}`);
  if (range?.most !== undefined && value > range.most) throw wrong(`at most ${range.most}`);
  return value;
}
