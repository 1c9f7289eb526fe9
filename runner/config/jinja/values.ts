import { floatRepr, stringRepr } from '../../../records/pickle/python-repr.ts';
import { TemplateFailure } from './failure.ts';

/**
 * A value of a template as Python has it: None, bool, int (bigint), float (number), str, list (array), tuple, dict (Map), a function, or what is
 * undefined.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Map<Value, Value>
  | Namespace
  | Callable
  | Undefined;

export class Tuple {
  constructor(
    readonly items: readonly Value[],
    /** Names of items, as those of `groupby` have. */
    readonly names: readonly string[] = [],
  ) {}
}

/** What `namespace(...)` makes: its attributes may be set in loops. */
export class Namespace {
  constructor(readonly attributes: Map<string, Value>) {}
}

export type Named = ReadonlyMap<string, Value>;

export class Callable {
  constructor(
    readonly call: (args: readonly Value[], named: Named) => Value,
    readonly attributes: ReadonlyMap<string, Value> = new Map(),
  ) {}
}

/** A variable, attribute or item that is not there: it may be asked for, but not printed or worked with. */
export class Undefined {
  constructor(
    readonly problem: string,
    readonly at: number | undefined,
    readonly variable?: string,
  ) {}

  failure(): TemplateFailure {
    return new TemplateFailure(this.problem, undefined, this.at, this.variable);
  }
}

export const isNumber = (value: Value): value is bigint | number | boolean =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';

/** Python's name of the type. */
export function typeName(value: Value): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dict';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Namespace) return 'a namespace';
  if (value instanceof Callable) return 'a function';
  return (
    { bigint: 'an int', number: 'a float', boolean: 'a bool', string: 'a str' }[typeof value as string] ??
    'undefined'
  );
}

export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  return Boolean(value) || Number.isNaN(value);
}

/** Python's `str`. */
export function textOf(value: Value): string {
  return typeof value === 'string' ? value : reprOf(value);
}

/** Python's `repr`. */
export function reprOf(value: Value, depth = 0): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return floatRepr(value);
  if (typeof value === 'string') return stringRepr(value);
  if (value instanceof Undefined) throw value.failure();
  if (value instanceof Callable) throw new TemplateFailure('a function is no text', 'call it: name(...)');
  if (depth > 100) return '...';
  const inner = (item: Value) => reprOf(item, depth + 1);
  const pair = ([key, item]: readonly [Value, Value]) => `${inner(key)}: ${inner(item)}`;
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`;
  if (value instanceof Tuple)
    return value.items.length === 1
      ? `(${inner(value.items[0]!)},)`
      : `(${value.items.map(inner).join(', ')})`;
  if (value instanceof Map) return `{${[...value].map(pair).join(', ')}}`;
  return `<Namespace {${[...value.attributes].map(pair).join(', ')}}>`;
}

/** The items that a loop goes over. @throws TemplateFailure for what has none */
export function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (typeof value === 'string') return [...value];
  if (value instanceof Map) return [...value.keys()];
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateFailure(`${typeName(value)} has no items to go over`);
}

/** A number as JavaScript has it. */
export const numberOf = (value: bigint | number | boolean): number => Number(value);

/** An int; bools count. @throws TemplateFailure for others */
export function integerOf(value: Value, what: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateFailure(`${what} is ${typeName(value)}, not a whole number`);
}

/** A whole number that counts characters or items. @throws TemplateFailure for more than `limit` */
export function countOf(value: Value, what: string, limit = 8192): number {
  const count = Number(integerOf(value, what));
  if (Math.abs(count) > limit)
    throw new TemplateFailure(`a value is too large: more than ${limit} characters`);
  return count;
}

export function stringOf(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateFailure(`${what} is ${typeName(value)}, not a str`);
}

export function isEqual(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (a instanceof Undefined && b instanceof Undefined) return true;
  const [left, right] = [sequence(a), sequence(b)];
  if (left && right)
    return (
      Array.isArray(a) === Array.isArray(b) &&
      left.length === right.length &&
      left.every((item, i) => isEqual(item, right[i]!))
    );
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && isEqual(item, b.get(key)!));
  return a === b;
}

const sequence = (value: Value) =>
  Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;

const toNumber = (value: bigint | number | boolean) =>
  typeof value === 'boolean' ? (value ? 1n : 0n) : value;

function compareNumbers(a: bigint | number | boolean, b: bigint | number | boolean): number {
  const [left, right] = [toNumber(a), toNumber(b)];
  return left < right ? -1 : left > right ? 1 : left <= right ? 0 : Number.NaN;
}

/** Negative, 0 or positive; NaN where a float is. @throws TemplateFailure for kinds that have no order */
export function compare(a: Value, b: Value): number {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  for (const value of [a, b]) if (value instanceof Undefined) throw value.failure();
  const [left, right] = [sequence(a), sequence(b)];
  if (left && right && Array.isArray(a) === Array.isArray(b)) {
    for (let i = 0; i < Math.min(left.length, right.length); i++)
      if (!isEqual(left[i]!, right[i]!)) return compare(left[i]!, right[i]!);
    return left.length - right.length;
  }
  throw new TemplateFailure(`${typeName(a)} and ${typeName(b)} have no order`);
}

/** By code points, as Python compares. */
function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Characters and items of a value, those that it holds included; counting ends beyond `limit`. */
export function sizeOf(value: Value, limit: number): number {
  let size = 0;
  const todo: Value[] = [value];
  for (let next = todo.pop(); next !== undefined && size <= limit; next = todo.pop()) {
    if (typeof next !== 'string') size++;
    if (typeof next === 'string') size += next.length;
    else if (typeof next === 'bigint')
      size += next > 2n ** 64n || next < -(2n ** 64n) ? String(next).length : 0;
    else if (Array.isArray(next)) for (let i = 0; i < next.length && i <= limit; i++) todo.push(next[i]!);
    else if (next instanceof Tuple) todo.push(...next.items.slice(0, limit + 1));
    else if (next instanceof Map) for (const [key, item] of next) todo.push(key, item);
    else if (next instanceof Namespace) todo.push(...next.attributes.values());
  }
  return size;
}
