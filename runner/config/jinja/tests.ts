import { bind } from './arguments.ts';
import { TemplateFailure } from './failure.ts';
import { holds, operate } from './operators.ts';
import { Callable, integerOf, isEqual, isNumber, Tuple, Undefined, type Value } from './values.ts';

type Test = (value: Value, other: Value) => boolean;

const alone: Readonly<Record<string, (value: Value) => boolean>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  false: (value) => value === false,
  integer: (value) => typeof value === 'bigint',
  float: (value) => typeof value === 'number',
  number: (value) => isNumber(value),
  string: (value) => typeof value === 'string',
  mapping: (value) => value instanceof Map,
  sequence: (value) =>
    Array.isArray(value) || value instanceof Tuple || typeof value === 'string' || value instanceof Map,
  iterable: (value) =>
    Array.isArray(value) ||
    value instanceof Tuple ||
    typeof value === 'string' ||
    value instanceof Map ||
    value instanceof Undefined,
  callable: (value) => value instanceof Callable,
  lower: (value) => isText(value, (text) => text === text.toLowerCase() && text !== text.toUpperCase()),
  upper: (value) => isText(value, (text) => text === text.toUpperCase() && text !== text.toLowerCase()),
  odd: (value) => isEqual(operate('%', value, 2n), 1n),
  even: (value) => isEqual(operate('%', value, 2n), 0n),
  escaped: () => false,
};

const isText = (value: Value, test: (text: string) => boolean) =>
  typeof value === 'string' ? test(value) : value instanceof Undefined ? fail(value) : false;

function fail(value: Undefined): never {
  throw value.failure();
}

const same = (a: Value, b: Value) => a === b || (Number.isNaN(a) && Number.isNaN(b));
const withOther: Readonly<Record<string, Test>> = {
  divisibleby: (value, other) =>
    integerOf(other, 'divisibleby') !== undefined && isEqual(operate('%', value, other), 0n),
  in: (value, other) => holds('in', value, other),
  sameas: same,
  ...Object.fromEntries(
    Object.entries({
      '==': ['eq', 'equalto'],
      '!=': ['ne'],
      '>': ['gt', 'greaterthan'],
      '>=': ['ge'],
      '<': ['lt', 'lessthan'],
      '<=': ['le'],
    }).flatMap(([sign, names]) =>
      [sign, ...names].map((name) => [name, (a: Value, b: Value) => holds(sign, a, b)]),
    ),
  ),
};

/** The tests of Jinja2. */
export const testNames: readonly string[] = [...Object.keys(alone), ...Object.keys(withOther)];

/** `value is name(args)`. @throws TemplateFailure */
export function passes(
  name: string,
  value: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): boolean {
  const one = Object.hasOwn(alone, name) ? alone[name] : undefined;
  if (one) {
    bind(`the test "${name}"`, [], 0, args, named);
    return one(value);
  }
  const test = Object.hasOwn(withOther, name) ? withOther[name] : undefined;
  if (!test)
    throw new TemplateFailure(`unknown test "${name.slice(0, 100)}"`, `allowed: ${testNames.join(', ')}`);
  return test(value, bind(`the test "${name}"`, ['other'], 1, args, named)[0]!);
}
