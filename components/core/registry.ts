import type { ComponentKinds, Context } from './context.ts';

/** A JSON schema with qrun's keywords: see runner/config/keywords.ts. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/**
 * What stands behind one `class:`. `schema` describes `kwargs` (an object schema, `additionalProperties: false` unless the component
 * checks the rest itself); it has been applied before `create` sees them. Beside JSON schema's keywords:
 * `component: KIND` a class config of that kind, or an object (with `defaultModule: 'qlib...'` where qlib has one);
 * `expression: true` an expression of the data layer; `date: true` a date or date text.
 */
export interface Definition<T, O = Record<string, unknown>, C extends Context = Context> {
  readonly name: string;
  readonly schema: Schema;
  /** Checks of kwargs that no schema can say; throws UserError with a path relative to kwargs. */
  check?(options: O): void;
  create(options: O, context: C): T | Promise<T>;
}

/** One line of a catalogue: what the class is called, in which of qlib's modules, and where its code is, loaded when it is named. */
export interface CatalogueEntry<K extends string = string> {
  readonly kind: K;
  readonly name: string;
  /** Every `module_path` under which qlib users find it. */
  readonly modulePaths: readonly string[];
  load(): Promise<Definition<unknown, never, never>>;
}

/** Makes a catalogue line of one kind: `model('LinearModel', ['qlib.contrib.model.linear'], () => ...)`. */
export function entryOf<K extends keyof ComponentKinds & string>(kind: K) {
  return (
    name: string,
    modulePaths: readonly string[],
    load: () => Promise<Definition<ComponentKinds[K], never, never>>,
  ): CatalogueEntry<K> => ({ kind, name, modulePaths, load });
}
