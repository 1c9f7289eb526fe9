import { badRequest } from './api-error.ts';

const integer = /^[-+]?\d+$/;
const float = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const names: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * The fields of a request, from a JSON body or a query string, read as protobuf's JSON is: names in snake or camel case, numbers also as
 * text, unknown fields ignored, null as missing. A field of another type is refused.
 */
export class Fields {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  /** Under the first of the names that is there. */
  get(...fields: string[]): unknown {
    for (const name of fields) {
      const value = this.#own(name) ?? this.#own(camelCase(name));
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  }

  text(...fields: string[]): string | undefined {
    const value = this.get(...fields);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalidField(fields[0]!, value);
    return value;
  }

  requiredText(...fields: string[]): string {
    const value = this.text(...fields);
    if (value === undefined || value === '') throw missing(fields[0]!);
    return value;
  }

  int(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || value === '') return undefined;
    const n = typeof value === 'string' && integer.test(value) ? Number(value) : value;
    if (typeof n !== 'number' || !Number.isSafeInteger(n)) throw invalidField(name, value);
    return n;
  }

  requiredInt(name: string): number {
    const value = this.int(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  /** May be NaN or infinite. */
  requiredDouble(name: string): number {
    const value = this.get(name);
    if (value === undefined) throw missing(name);
    if (typeof value === 'number') return value;
    if (typeof value === 'string') {
      if (Object.hasOwn(names, value)) return names[value]!;
      if (float.test(value)) return Number(value);
    }
    throw invalidField(name, value);
  }

  /** A list of texts; a single one stands for a list of one, as in query strings. */
  texts(name: string): string[] {
    const value = this.get(name);
    if (value === undefined) return [];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map((item) => {
      if (typeof item !== 'string') throw invalidField(name, item);
      return item;
    });
  }

  list(name: string): Fields[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw invalidField(name, value);
    return value.map((item: unknown) => asFields(name, item));
  }

  object(name: string): Fields | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : asFields(name, value);
  }

  /** One of the names; `numbers` are what protobuf calls them. */
  choice<T extends string>(name: string, allowed: readonly T[], numbers?: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined || value === '') return undefined;
    const found =
      allowed.find((choice) => choice === value) ??
      (integer.test(String(value)) ? numbers?.[Number(value) - 1] : undefined);
    if (found === undefined) throw invalidField(name, value, `one of ${allowed.join(', ')}`);
    return found;
  }

  /** `[{key, value}]`; a value that is missing is empty. */
  pairs(name: string): [string, string][] {
    return this.list(name).map((pair) => [pair.requiredText('key'), pair.text('value') ?? '']);
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }
}

function asFields(name: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidField(name, value);
  return new Fields(value as Record<string, unknown>);
}

const camelNames = new Map<string, string>();
function camelCase(name: string): string {
  let camel = camelNames.get(name);
  if (camel === undefined) {
    camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(name, camel);
  }
  return camel;
}

export function missing(name: string): Error {
  return badRequest(`Missing value for required parameter '${name}'`);
}

function invalidField(name: string, value: unknown, hint = ''): Error {
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return badRequest(
    `Invalid value ${shown} for parameter '${name}' supplied${hint && `: ${hint} is allowed`}`,
  );
}
