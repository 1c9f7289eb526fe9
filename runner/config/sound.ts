import type { KeyPath } from '../../components/core/errors.ts';
import type { Schema } from '../../components/core/registry.ts';
import { collectExpression, distinctParts, mayBeComponent, mayBeDate, type Part } from './keywords.ts';
import { isKnownSchema } from './known-schema.ts';
import type { Validation } from './validate.ts';

/**
 * Checks `data` by a schema, as `validate` does. Most data is sound: that is found here by walking the schema, which takes a hundredth of the time
 * in which the validator is loaded and makes code of it. For anything else, and schemas with other keywords, the validator is asked.
 */
export async function validated(schema: Schema, data: unknown): Promise<Validation> {
  const parts = soundParts(schema, data);
  return parts ? { errors: [], parts } : (await import('./validate.ts')).validate(schema, data);
}

/** The parts of data that is sound by the schema, in the validator's order; undefined where it is not, or this cannot tell. */
export function soundParts(schema: Schema, data: unknown): readonly Part[] | undefined {
  if (!isKnownSchema(schema)) return undefined;
  const parts: Part[] = [];
  return accepts(schema, data, [], parts) ? distinctParts(parts) : undefined;
}

type Kind = (schema: Schema, value: never, path: KeyPath, parts: Part[]) => boolean;

/**
 * The validator's order of keywords: all of them are looked at also where one has failed already, for parts are found in branches that fail.
 */
function accepts(schema: Schema | boolean, value: unknown, path: KeyPath, parts: Part[]): boolean {
  if (typeof schema === 'boolean') return schema;
  const { type } = schema;
  let isSound = type === undefined || (Array.isArray(type) ? type : [type]).some((name) => isOf(name, value));
  const keep = (ok: boolean) => {
    isSound &&= ok;
  };
  if (typeof value === 'number') keep(fitsNumber(schema, value));
  if (typeof value === 'string') keep(fitsText(schema, value));
  keep(fitsAny(schema, value, path, parts));
  if (Array.isArray(value)) keep(fitsList(schema, value as never, path, parts));
  else if (typeof value === 'object' && value !== null) keep(fitsObject(schema, value as never, path, parts));
  return isSound;
}

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function fitsNumber(schema: Schema, value: number): boolean {
  const limit = (keyword: string) => schema[keyword] as number | undefined;
  const [least, most] = [limit('minimum'), limit('maximum')];
  const [above, below] = [limit('exclusiveMinimum'), limit('exclusiveMaximum')];
  return (
    (least === undefined || value >= least) &&
    (most === undefined || value <= most) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function fitsText(schema: Schema, value: string): boolean {
  const { minLength, maxLength, pattern } = schema as {
    minLength?: number;
    maxLength?: number;
    pattern?: string;
  };
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  return (
    (minLength === undefined || length >= minLength) &&
    (maxLength === undefined || length <= maxLength) &&
    (pattern === undefined || new RegExp(pattern, 'u').test(value))
  );
}

function fitsAny(schema: Schema, value: unknown, path: KeyPath, parts: Part[]): boolean {
  const { component, expression, date } = schema;
  const allowed = schema['enum'] as readonly unknown[] | undefined;
  const isAllowed = allowed === undefined || allowed.includes(value);
  const anyOf = schema['anyOf'] as readonly Schema[] | undefined;
  // where a branch takes anything, the validator looks at none
  const hasBranch =
    anyOf === undefined ||
    anyOf.some(isAnything) ||
    anyOf.some((branch) => accepts(branch, value, path, parts));
  const fits =
    component === undefined || mayBeComponent(component as string, value, schema, () => path, parts);
  if (expression !== undefined) collectExpression(expression as boolean, value, () => path, parts);
  return isAllowed && hasBranch && fits && (date === undefined || mayBeDate(date as boolean, value));
}

const isAnything = (schema: Schema) =>
  Object.keys(schema).every((keyword) => ['description', 'default', 'defaultModule'].includes(keyword));

const fitsList: Kind = (schema, value: readonly unknown[], path, parts) => {
  const { minItems = 0, maxItems = value.length } = schema as { minItems?: number; maxItems?: number };
  let isSound = value.length >= minItems && value.length <= maxItems;
  const first = (schema['prefixItems'] ?? []) as readonly Schema[];
  const rest = schema['items'] as Schema | boolean | undefined;
  for (const [i, item] of value.entries()) {
    const own = first[i] ?? rest;
    if (own !== undefined && !accepts(own, item, [...path, i], parts)) isSound = false;
  }
  return isSound;
};

const fitsObject: Kind = (schema, value: Readonly<Record<string, unknown>>, path, parts) => {
  const keys = Object.keys(value);
  const { minProperties = 0, maxProperties = keys.length } = schema as {
    minProperties?: number;
    maxProperties?: number;
  };
  let isSound = keys.length >= minProperties && keys.length <= maxProperties;
  const isThere = (key: string) => Object.hasOwn(value, key) && value[key] !== undefined;
  for (const key of (schema['required'] ?? []) as readonly string[]) if (!isThere(key)) isSound = false;
  const known = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const others = schema['additionalProperties'] as Schema | boolean | undefined;
  if (others !== undefined)
    for (const key of keys)
      if (!Object.hasOwn(known, key) && !accepts(others, value[key], [...path, key], parts)) isSound = false;
  for (const [key, own] of Object.entries(known))
    if (isThere(key) && !accepts(own, value[key], [...path, key], parts)) isSound = false;
  return isSound;
};
