import {
  PyDate,
  PyDateTime,
  PyFloat,
  PyObject,
  PyTimestamp,
  PyTuple,
} from '../../../components/core/python.ts';
import { NumpyArray, PyGlobal, PyReduced } from '../../../records/pickle/values.ts';

/** Classes whose instances stand in decoded values: between threads only their fields travel. */
const classes: readonly { readonly prototype: object }[] = [
  PyTuple,
  PyFloat,
  PyTimestamp,
  PyDate,
  PyDateTime,
  PyObject,
  NumpyArray,
  PyReduced,
  PyGlobal,
];
const byPrototype = new Map<unknown, number>(classes.map(({ prototype }, i) => [prototype, i]));

/** An instance on its way: the place of its class, and its fields. */
class Packed {
  constructor(
    readonly $class: number,
    readonly $fields: Record<string, unknown>,
  ) {}
}

/** A value as it can be sent to another thread. What stands in several places, or within itself, goes on doing so. */
export function packedValue(value: unknown): unknown {
  return new Mapper((object, map) => {
    const at = byPrototype.get(Object.getPrototypeOf(object));
    if (at === undefined) return undefined;
    const fields: Record<string, unknown> = {};
    const packed = new Packed(at, fields);
    map.keep(object, packed);
    for (const [key, inner] of Object.entries(object)) fields[key] = map.value(inner);
    return packed;
  }).value(value);
}

/** The value that `packedValue` was given. */
export function revivedValue(value: unknown): unknown {
  return new Mapper((object, map) => {
    const { $class, $fields } = object as Partial<Packed>;
    if ($class === undefined || $fields === undefined) return undefined;
    const instance: Record<string, unknown> = Object.create(classes[$class]!.prototype);
    map.keep(object, instance);
    for (const [key, inner] of Object.entries($fields)) instance[key] = map.value(inner);
    return instance;
  }).value(value);
}

/** Walks through a value once; numbers by the million (typed arrays, bytes) are left as they are. */
class Mapper {
  readonly #seen = new Map<object, unknown>();
  readonly #special: (object: object, map: Mapper) => unknown;

  constructor(special: (object: object, map: Mapper) => unknown) {
    this.#special = special;
  }

  keep(object: object, result: unknown): void {
    this.#seen.set(object, result);
  }

  value(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
      return value;
    return this.#seen.has(value) ? this.#seen.get(value) : this.#object(value);
  }

  #object(object: object): unknown {
    if (Array.isArray(object)) {
      const out: unknown[] = [];
      this.keep(object, out);
      for (const item of object) out.push(this.value(item));
      return out;
    }
    if (object instanceof Set) {
      const out = new Set<unknown>();
      this.keep(object, out);
      for (const item of object) out.add(this.value(item));
      return out;
    }
    if (object instanceof Map) {
      const out = new Map<unknown, unknown>();
      this.keep(object, out);
      for (const [key, inner] of object) out.set(this.value(key), this.value(inner));
      return out;
    }
    const special = this.#special(object, this);
    if (special !== undefined) return special;
    const out: Record<string, unknown> = {};
    this.keep(object, out);
    for (const [key, inner] of Object.entries(object)) out[key] = this.value(inner);
    return out;
  }
}
