import type { Context } from '../../components/core/context.ts';
import { UserError } from '../../components/core/errors.ts';
import { unknownName } from '../../components/core/nearest.ts';
import type { Schema } from '../../components/core/registry.ts';
import type { Spec } from './spec.ts';
import type { AnyDefinition } from './types.ts';

/** A user's class: made with kwargs and context; it may bring a schema and a check of its kwargs. */
interface UserClass {
  new (kwargs: Record<string, unknown>, context: Context): unknown;
  readonly schema?: Schema;
  readonly check?: (kwargs: Record<string, unknown>) => void;
}

/** What a user's module exports under the name of a class config: a `Definition`, a class, or with `func:` a function. @throws UserError */
export function definitionOf(
  module: object,
  { name, namePath, isFunction }: Spec,
  file: string,
): AnyDefinition {
  // keys, not `in`: a namespace has no inherited names, but a CommonJS export object would have
  const exported: unknown = Object.hasOwn(module, name) ? Reflect.get(module, name) : undefined;
  if (exported === undefined) {
    const { problem, hint } = unknownName('class', name, Object.keys(module));
    throw new UserError(`${problem} in ${file}`, { hint, path: namePath });
  }
  if (isDefinition(exported)) return exported;
  if (typeof exported !== 'function')
    throw new UserError(`${name} of ${file} is neither a class nor a Definition`, { path: namePath });
  if (isFunction)
    return {
      name,
      schema: { type: 'object' },
      create: (kwargs, context) => exported(kwargs, context) as unknown,
    };
  const Class = exported as UserClass;
  return {
    name,
    schema: Class.schema ?? { type: 'object' },
    ...(Class.check ? { check: Class.check.bind(Class) } : {}),
    create: (kwargs, context) => new Class(kwargs, context),
  };
}

function isDefinition(value: unknown): value is AnyDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'create' in value &&
    typeof value.create === 'function' &&
    'schema' in value &&
    typeof value.schema === 'object'
  );
}
