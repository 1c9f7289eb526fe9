import type { Schema } from '../../components/core/registry.ts';

const isNumber = (value: unknown) => typeof value === 'number';
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isText = (value: unknown) => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';
const isListOf = (test: (item: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(test);
const isSchema = (value: unknown): boolean => isObject(value) && isKnownSchema(value);
const isSchemaOrFlag = (value: unknown): boolean => isFlag(value) || isSchema(value);

/** Keywords that `soundParts` knows, and what may stand behind them. */
const keywords: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => isType(value) || isListOf(isType)(value),
  description: () => true,
  default: () => true,
  defaultModule: () => true,
  enum: isListOf((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item)),
  anyOf: isListOf(isSchema),
  component: isText,
  expression: isFlag,
  date: isFlag,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isCount,
  maxLength: isCount,
  pattern: isPattern,
  items: isSchemaOrFlag,
  prefixItems: isListOf(isSchema),
  minItems: isCount,
  maxItems: isCount,
  properties: (value) => isObject(value) && Object.values(value).every(isSchema),
  additionalProperties: isSchemaOrFlag,
  required: (value) => Array.isArray(value) && value.every(isText),
  minProperties: isCount,
  maxProperties: isCount,
};

const known = new WeakMap<Schema, boolean>();

/** Whether a schema, and all in it, has only keywords whose meaning is plain. */
export function isKnownSchema(schema: Schema): boolean {
  let isKnown = known.get(schema);
  if (isKnown === undefined) {
    isKnown = Object.entries(schema).every(
      ([keyword, value]) => Object.hasOwn(keywords, keyword) && keywords[keyword]!(value),
    );
    known.set(schema, isKnown);
  }
  return isKnown;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isType(value: unknown): boolean {
  return ['null', 'array', 'object', 'number', 'integer', 'string', 'boolean'].includes(value as string);
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
