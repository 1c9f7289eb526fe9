import { type KeyPath, UserError } from '../../components/core/errors.ts';
import { nearest } from '../../components/core/nearest.ts';
import { article, describe } from './describe.ts';

/** A class config taken apart. The paths say where its name and module stand, relative to the config. */
export interface Spec {
  readonly name: string;
  readonly module: string | undefined;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly isFunction: boolean;
  readonly namePath: KeyPath;
  readonly modulePath: KeyPath;
  readonly kwargsPath: KeyPath;
}

const keys = ['class', 'func', 'module_path', 'kwargs'];

/** A mapping as YAML makes it. A ready component is none: it is of a class, or has methods, which no config can hold. */
export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return prototype === Object.prototype && !Object.values(value).some((v) => typeof v === 'function');
};

/** A component that has been made already, given in place of a config. */
export const isReady = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isMapping(value);

/** `<MODEL>`, `<dataset.kwargs.segments>`: filled in later. */
export const isPlaceholder = (value: unknown): value is string =>
  typeof value === 'string' && /^<[^<>]+>$/.test(value);

/** True for `{class, ...}`, `{func, ...}` and strings: what names a component; false for a ready object. */
export function isSpec(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (isMapping(value) && (Object.hasOwn(value, 'class') || Object.hasOwn(value, 'func')))
  );
}

/**
 * Reads `{class, module_path, kwargs}`, `{func, ...}` or `pkg.module.Class`, as qlib's `get_callable_kwargs` does; a dotted name
 * counts more than `module_path`. Mistakes are pushed to `errors`; undefined where no name could be read.
 */
export function readSpec(kind: string, spec: unknown, errors: UserError[]): Spec | undefined {
  if (typeof spec === 'string') return fromText(kind, spec, errors);
  if (!isMapping(spec)) {
    errors.push(
      new UserError(
        `${article(kind)} must be a mapping with class, module_path and kwargs, got ${describe(spec)}`,
        {
          hint: 'write class: NAME and module_path: MODULE below it',
        },
      ),
    );
    return undefined;
  }
  for (const key of Object.keys(spec)) if (!keys.includes(key)) errors.push(unknownKey(key, spec));
  const key = Object.hasOwn(spec, 'class') || !Object.hasOwn(spec, 'func') ? 'class' : 'func';
  const kwargs = readKwargs(spec, errors);
  const module = readModule(spec, errors);
  const name = spec[key];
  if (!Object.hasOwn(spec, key)) {
    const isMisspelt = Object.keys(spec).some((k) => !keys.includes(k) && nearest(k, keys) === 'class');
    if (!isMisspelt)
      errors.push(
        new UserError(`required key "class" is missing`, { hint: `class: is the name of ${article(kind)}` }),
      );
    return undefined;
  }
  if (typeof name !== 'string' || name === '') {
    errors.push(
      new UserError(`must be a string, the name of ${article(kind)}, got ${describe(name)}`, { path: [key] }),
    );
    return undefined;
  }
  const dot = name.lastIndexOf('.');
  const isDotted = dot > 0;
  return {
    name: name.slice(dot + 1),
    module: isDotted ? name.slice(0, dot) : module,
    kwargs,
    isFunction: key === 'func',
    namePath: [key],
    modulePath: isDotted || !Object.hasOwn(spec, 'module_path') ? [key] : ['module_path'],
    kwargsPath: ['kwargs'],
  };
}

function fromText(kind: string, text: string, errors: UserError[]): Spec | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(text) || text.includes('/')) {
    errors.push(
      new UserError(
        `${describe(text)} cannot be loaded as ${article(kind)}: files and URLs, pickles too, are not allowed here`,
        {
          hint: `give a mapping with class, module_path and kwargs, or package.module.Class`,
        },
      ),
    );
    return undefined;
  }
  const dot = text.lastIndexOf('.');
  return {
    name: text.slice(dot + 1),
    module: dot > 0 ? text.slice(0, dot) : undefined,
    kwargs: Object.create(null),
    isFunction: false,
    namePath: [],
    modulePath: [],
    kwargsPath: [],
  };
}

function unknownKey(key: string, spec: Readonly<Record<string, unknown>>): UserError {
  const near = nearest(
    key,
    keys.filter((k) => !Object.hasOwn(spec, k)),
  );
  return new UserError(`unknown key "${key.slice(0, 100)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}allowed beside class: module_path, kwargs`,
    path: [key],
  });
}

function readKwargs(
  spec: Readonly<Record<string, unknown>>,
  errors: UserError[],
): Readonly<Record<string, unknown>> {
  const kwargs = spec['kwargs'] ?? Object.create(null);
  if (isMapping(kwargs)) return kwargs;
  errors.push(
    new UserError(`must be a mapping of keys and values, got ${describe(kwargs)}`, { path: ['kwargs'] }),
  );
  return Object.create(null);
}

function readModule(spec: Readonly<Record<string, unknown>>, errors: UserError[]): string | undefined {
  const module = spec['module_path'] ?? undefined;
  if (module === undefined || (typeof module === 'string' && module !== '')) return module;
  errors.push(
    new UserError(`must be a string, the name of a module, got ${describe(module)}`, {
      path: ['module_path'],
    }),
  );
  return undefined;
}
