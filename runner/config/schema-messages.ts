import type { ErrorObject } from 'ajv';
import { type KeyPath, UserError } from '../../components/core/errors.ts';
import { nearest, unknownName } from '../../components/core/nearest.ts';
import { article, describe } from './describe.ts';
import type { Union } from './union.ts';

/** The error says that the value is of another sort than the schema is about, not that it is a bad one of its sort. */
export function isMismatch({ keyword }: ErrorObject): boolean {
  return (
    keyword === 'type' ||
    keyword === 'component' ||
    keyword === 'date' ||
    keyword === 'enum' ||
    keyword === 'const'
  );
}

const sorts: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
};

/** What a value should be, by the errors that it made: `a number`, `a date`, `a handler config`. */
function wanted(error: ErrorObject): string[] {
  const schema: unknown = error.schema;
  switch (error.keyword) {
    case 'type':
      return (Array.isArray(schema) ? schema : [schema]).map((type) => sorts[String(type)] ?? String(type));
    case 'date':
      return ['a date'];
    case 'component':
      return [`${article(String(schema))} config (a mapping with class, module_path and kwargs)`];
    case 'enum':
      return (Array.isArray(schema) ? schema : []).map((v) => JSON.stringify(v));
    case 'const':
      return [JSON.stringify(schema)];
    default:
      return [];
  }
}

const either = (words: readonly string[]) => {
  const unique = [...new Set(words)];
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
};

/** `must be a number or null, got the string "None"`. */
export function unionError(union: Union, path: KeyPath): UserError {
  const { data, alternatives, parentSchema } = union;
  const words = alternatives.flatMap(wanted);
  const names = alternatives.flatMap((e) =>
    e.keyword === 'enum' && Array.isArray(e.schema) ? (e.schema as unknown[]) : [],
  );
  const near =
    typeof data === 'string'
      ? nearest(
          data,
          names.filter((n): n is string => typeof n === 'string'),
        )
      : undefined;
  return wrongSort(words, data, path, near ? `did you mean "${near}"?` : descriptionOf(parentSchema));
}

function wrongSort(
  words: readonly string[],
  data: unknown,
  path: KeyPath,
  hint: string | undefined,
): UserError {
  return new UserError(`must be ${either(words)}, got ${describe(data)}`, {
    hint: yamlHint(words, data) ?? hint,
    path,
  });
}

/** What YAML 1.2 does with words that YAML 1.1 and Python read otherwise. */
function yamlHint(words: readonly string[], data: unknown): string | undefined {
  if (typeof data === 'number' && !Number.isFinite(data)) return 'only finite numbers are allowed';
  if (typeof data === 'number' && words.includes('a date')) return dateHint;
  if (typeof data !== 'string') return undefined;
  const isNumber = words.some((w) => w === sorts['number'] || w === sorts['integer']);
  if (isNumber && data.trim() !== '' && Number.isFinite(Number(data)))
    return `write ${data.trim()} without quotes`;
  if (words.includes('null') && /^(?:none|nil|nan|undefined|n\/a)$/i.test(data))
    return `${data} is a string in YAML: write null`;
  if (words.includes(sorts['boolean']!) && /^(?:y|yes|on|n|no|off|0|1)$/i.test(data))
    return `${data} is a string in YAML 1.2: write ${/^(?:y|yes|on|1)$/i.test(data) ? 'true' : 'false'}`;
  if (words.includes('a date')) return dateHint;
  return undefined;
}

const freqs = ['day', 'week', 'month', '1min', '5min', '15min', '30min', '60min'];

/** A frequency that qlib does not know. */
export function unknownFreq(given: string, path: KeyPath): UserError {
  const near = nearest(given, freqs);
  return new UserError(`unknown frequency "${given.slice(0, 100)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}allowed: (n)month or mon, (n)week or w, (n)day or d, (n)minute or min, such as day, 2week, 30min`,
    path,
  });
}

const dateHint = 'a date is written 2008-01-31 or 2008-01-31 09:30:00';

function descriptionOf(schema: ErrorObject['parentSchema']): string | undefined {
  const text: unknown = schema?.['description'];
  return typeof text === 'string' ? text : undefined;
}

function propertiesOf(schema: ErrorObject['parentSchema']): string[] {
  const properties: unknown = schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** One error of ajv in the user's words. */
export function explainError(error: ErrorObject, path: KeyPath): UserError {
  const { keyword, data, parentSchema } = error;
  const params = error.params as Readonly<Record<string, unknown>>;
  const description = descriptionOf(parentSchema);
  const told = (problem: string, hint = description) => new UserError(problem, { hint, path });
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
    case 'component':
      return wrongSort(wanted(error), data, path, description);
    case 'date':
      return typeof data === 'string'
        ? told(`${describe(data)} is not a date`, dateHint)
        : wrongSort(['a date'], data, path, dateHint);
    case 'const':
      return told(`must be ${JSON.stringify(params['allowedValue'])}, got ${describe(data)}`);
    case 'enum':
      return enumError(params['allowedValues'], data, path, description);
    case 'required':
      return missingKey(String(params['missingProperty']), error, path);
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(String(params['additionalProperty'] ?? params['unevaluatedProperty']), error, path);
    case 'minimum':
      return told(`must be at least ${limit}, got ${describe(data)}`);
    case 'maximum':
      return told(`must be at most ${limit}, got ${describe(data)}`);
    case 'exclusiveMinimum':
      return told(`must be greater than ${limit}, got ${describe(data)}`);
    case 'exclusiveMaximum':
      return told(`must be less than ${limit}, got ${describe(data)}`);
    case 'multipleOf':
      return told(`must be a multiple of ${String(params['multipleOf'])}, got ${describe(data)}`);
    case 'minItems':
    case 'maxItems':
    case 'items':
      return told(listLength(error));
    case 'minLength':
      return told(
        limit === '1' ? 'must not be empty' : `must have at least ${limit} characters, got ${describe(data)}`,
      );
    case 'maxLength':
      return told(`must have at most ${limit} characters, it has ${String(data).length}`);
    case 'pattern':
      return /(?:freq|time_per_step)$/.test(String(path.at(-1)))
        ? unknownFreq(String(data), path)
        : told(
            `${describe(data)} does not have the form that is expected here`,
            description ?? `it must match ${String(params['pattern'])}`,
          );
    case 'minProperties':
      return told(`must have at least ${limit} ${limit === '1' ? 'key' : 'keys'}`);
    case 'false schema':
      return told('is not allowed here');
    default:
      return told(`${error.message ?? keyword}, got ${describe(data)}`);
  }
}

function listLength({ data, parentSchema, params }: ErrorObject): string {
  const [least, most]: unknown[] = [
    parentSchema?.['minItems'],
    parentSchema?.['maxItems'] ?? params['limit'],
  ];
  const given = Array.isArray(data) ? data.length : 0;
  if (least === most) return `must be a list of exactly ${String(most)} items, got ${given}`;
  return typeof least === 'number' && given < least
    ? `must have at least ${least} ${least === 1 ? 'item' : 'items'}, got ${given}`
    : `must have at most ${String(most)} items, got ${given}`;
}

function enumError(
  allowed: unknown,
  data: unknown,
  path: KeyPath,
  description: string | undefined,
): UserError {
  const values: unknown[] = Array.isArray(allowed) ? allowed : [];
  const names = values.filter((v) => typeof v === 'string');
  if (typeof data === 'string' && names.length === values.length)
    return unknownName('value', data, names, path);
  const near = typeof data === 'string' ? nearest(data, names) : undefined;
  return new UserError(`must be ${either(values.map((v) => JSON.stringify(v)))}, got ${describe(data)}`, {
    hint: near
      ? `did you mean "${near}"?`
      : (yamlHint(
          values.map((v) => String(v)),
          data,
        ) ?? description),
    path,
  });
}

function missingKey(key: string, { parentSchema }: ErrorObject, path: KeyPath): UserError {
  const property: unknown = (parentSchema?.['properties'] as Readonly<Record<string, unknown>> | undefined)?.[
    key
  ];
  const hint =
    typeof property === 'object' && property !== null
      ? descriptionOf(property as ErrorObject['parentSchema'])
      : undefined;
  return new UserError(`required key "${key}" is missing`, { hint: hint && `${key}: ${hint}`, path });
}

/** A key that is only there to be null, as qlib's own parts are, helps nobody. */
function isAlwaysNull(schema: ErrorObject['parentSchema'], key: string): boolean {
  const property: unknown = (schema?.['properties'] as Readonly<Record<string, unknown>> | undefined)?.[key];
  return typeof property === 'object' && property !== null && 'type' in property && property.type === 'null';
}

function unknownKey(key: string, { parentSchema, data }: ErrorObject, path: KeyPath): UserError {
  const present = typeof data === 'object' && data !== null ? data : {};
  const known = propertiesOf(parentSchema).filter((k) => !isAlwaysNull(parentSchema, k));
  const free = known.filter((k) => !Object.hasOwn(present, k));
  const near = nearest(key, free) ?? nearest(key, known);
  return new UserError(`unknown key "${key.slice(0, 100)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}allowed: ${known.length > 0 ? known.sort().join(', ') : 'none'}`,
    path: [...path, key],
  });
}
