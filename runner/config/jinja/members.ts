import { TemplateFailure } from './failure.ts';
import { methodsOf } from './methods.ts';
import {
  Callable,
  integerOf,
  isNumber,
  Namespace,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** `value.name`: a method of the kind of value, else an item of that name. */
export function attributeOf(value: Value, name: string, at?: number): Value {
  if (value instanceof Undefined) throw value.failure();
  if (value instanceof Namespace || value instanceof Callable)
    return value.attributes.get(name) ?? missing(name, at);
  const method = methodsOf(value)?.[name];
  if (method && Object.hasOwn(methodsOf(value)!, name))
    return new Callable((args, named) => method(args, named));
  if (value instanceof Tuple && value.names.includes(name)) return value.items[value.names.indexOf(name)]!;
  if (value instanceof Map && value.has(name)) return value.get(name)!;
  return missing(name, at);
}

const missing = (name: string, at: number | undefined) =>
  new Undefined(`undefined attribute "${name.slice(0, 100)}"`, at);

/** `value[key]`: an item, else what `value.key` is. */
export function itemOf(value: Value, key: Value, at?: number): Value {
  if (value instanceof Undefined) throw value.failure();
  if (key instanceof Undefined) throw key.failure();
  if (value instanceof Map && value.has(key)) return value.get(key)!;
  if (isNumber(key) && typeof key !== 'number' && !(value instanceof Map)) {
    const items = typeof value === 'string' ? [...value] : value instanceof Tuple ? value.items : value;
    if (Array.isArray(items)) return items.at(Number(key)) ?? new Undefined(`there is no item ${key}`, at);
  }
  if (typeof key === 'string') return attributeOf(value, key, at);
  return new Undefined(`there is no item ${String(key).slice(0, 100)}`, at);
}

/** `value[start:stop:step]` */
export function sliceOf(value: Value, bounds: readonly (Value | undefined)[]): Value {
  const [start, stop, step] = bounds.map((bound) =>
    bound === undefined || bound === null ? undefined : Number(integerOf(bound, 'a bound of a slice')),
  );
  if (value instanceof Undefined) throw value.failure();
  if (typeof value === 'string') return cut([...value], start, stop, step).join('');
  if (Array.isArray(value)) return cut(value, start, stop, step);
  if (value instanceof Tuple) return new Tuple(cut(value.items, start, stop, step));
  throw new TemplateFailure(`${typeName(value)} has no items to take a slice of`);
}

function cut<T>(items: readonly T[], start?: number, stop?: number, step = 1): T[] {
  if (step === 0) throw new TemplateFailure('the step of a slice is 0');
  const { length } = items;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (given: number | undefined, none: number) =>
    given === undefined ? none : Math.min(high, Math.max(low, given < 0 ? given + length : given));
  const [from, to] =
    step > 0 ? [bound(start, 0), bound(stop, length)] : [bound(start, length - 1), bound(stop, -1)];
  const taken: T[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) taken.push(items[i]!);
  return taken;
}
