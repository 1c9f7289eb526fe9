import { PyDate, PyDateTime, PyObject, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import { PyGlobal, PyReduced } from '../values.ts';
import type { Reading } from './known.ts';
import { kindOf, Malformed } from './malformed.ts';

/** Python's `dict[key] = value`. */
export function setItem(dict: Map<unknown, unknown>, key: unknown, value: unknown, reading: Reading): void {
  dict.set(canonical(dict, key, reading), value);
}

/** Python's `set.add(item)`. */
export function addItem(set: Set<unknown>, item: unknown, reading: Reading): void {
  set.add(canonical(set, item, reading));
}

function canonical(owner: object, key: unknown, reading: Reading): unknown {
  if (typeof key !== 'object' || key === null) return key;
  const text = contentOf(key, reading);
  const known = reading.keysOf(owner);
  const same = known.get(text);
  if (same !== undefined) return same;
  known.set(text, key);
  return key;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A text that is equal for keys that Python holds equal; its length is charged, as tuples of tuples can make it long. */
function contentOf(key: unknown, reading: Reading, depth = 0): string {
  if (depth > 100) throw new Malformed('a dict key that is nested too deeply');
  reading.charge(32);
  if (typeof key !== 'object' || key === null) {
    const text = `${typeof key}:${String(key)}`;
    reading.charge(text.length);
    return text;
  }
  if (key instanceof PyTuple)
    return `(${key.items.map((item) => contentOf(item, reading, depth + 1)).join('\0')})`;
  if (key instanceof PyTimestamp) return `time:${key.time}`;
  if (key instanceof PyDateTime) return `time:${key.time + key.microseconds / 1000}`;
  if (key instanceof PyDate) return `date:${key.time}`;
  if (key instanceof PyReduced) return `${key.module}.${key.name}:${key.text}`;
  if (key instanceof PyGlobal) return key.path;
  if (key instanceof Uint8Array) reading.charge(key.length);
  if (key instanceof Uint8Array) return `bytes:${Buffer.from(key).toString('latin1')}`;
  if (key instanceof PyObject || key instanceof Set) {
    let identity = identities.get(key);
    if (identity === undefined) identities.set(key, (identity = ++lastIdentity));
    return `object:${identity}`;
  }
  throw new Malformed(`${kindOf(key)} can't be a dict key`);
}
