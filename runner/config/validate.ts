import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseTime } from '../../components/core/dates.ts';
import { type KeyPath, UserError } from '../../components/core/errors.ts';
import type { Schema } from '../../components/core/registry.ts';
import { explainErrors, pathOf } from './schema-errors.ts';
import { isMapping, isPlaceholder, isReady } from './spec.ts';

/** What a schema says must be looked at by others: a nested class config, or an expression. */
export type Part =
  | {
      readonly type: 'component';
      readonly kind: string;
      readonly defaultModule: string | undefined;
      readonly value: unknown;
      readonly path: KeyPath;
    }
  | { readonly type: 'expression'; readonly text: string; readonly path: KeyPath };

export interface Validation {
  /** Paths are relative to `data`. */
  readonly errors: readonly UserError[];
  readonly parts: readonly Part[];
}

/** The collector that keywords find in `this`. */
interface Found {
  readonly root: unknown;
  readonly parts: Part[];
}
interface KeywordContext {
  readonly instancePath: string;
}

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<Schema, ValidateFunction>();

/** Checks `data` by a JSON schema (2020-12) with the keywords of `Definition.schema`; all mistakes at once. */
export function validate(schema: Schema, data: unknown): Validation {
  let check = compiled.get(schema);
  if (!check) {
    check = compile(schema);
    compiled.set(schema, check);
  }
  const found: Found = { root: data, parts: [] };
  const isValid = check.call(found, data) as boolean;
  return {
    errors: isValid ? [] : explainErrors(check.errors ?? [], data),
    parts: found.parts.filter((part, i) => i === found.parts.findIndex((p) => isSamePart(p, part))),
  };
}

function compile(schema: Schema): ValidateFunction {
  ajv ??= makeAjv();
  try {
    return ajv.compile(schema);
  } catch (error) {
    // ours are tested: this is the schema of a user's own class
    throw new UserError(
      `the schema of this class is no JSON schema: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

const isSamePart = (a: Part, b: Part) => a.type === b.type && a.path.join('\0') === b.path.join('\0');

function makeAjv(): Ajv2020 {
  const made = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    strictNumbers: true,
    passContext: true,
    validateFormats: false,
    // our own schemas are checked by a test, once and for all; that and code of the last polish would take most of the time of a check
    validateSchema: false,
    meta: false,
    code: { optimize: false },
    // an own key __proto__ or toString is a key like any other
    ownProperties: true,
  });
  made.addKeyword({
    keyword: 'component',
    schemaType: 'string',
    validate: checkComponent,
    errors: false,
  });
  made.addKeyword({
    keyword: 'expression',
    schemaType: 'boolean',
    validate: collectExpression,
    errors: false,
  });
  made.addKeyword({ keyword: 'date', schemaType: 'boolean', validate: checkDate, errors: false });
  return made;
}

function checkComponent(
  this: unknown,
  kind: string,
  data: unknown,
  schema?: Readonly<Record<string, unknown>>,
  context?: KeywordContext,
): boolean {
  if (isReady(data) || mayBecome(kind, data)) return true;
  if (typeof data !== 'string' && !isMapping(data)) return false;
  const { root, parts } = this as Found;
  const module = schema?.['defaultModule'];
  parts.push({
    type: 'component',
    kind,
    defaultModule: typeof module === 'string' ? module : undefined,
    value: data,
    path: pathOf(root, context?.instancePath ?? ''),
  });
  return true;
}

/** A placeholder that may stand for a component of that kind; `<MODEL>` is no record. */
function mayBecome(kind: string, value: unknown): boolean {
  if (!isPlaceholder(value)) return false;
  return !['<MODEL>', '<DATASET>', '<PRED>'].includes(value) || value.slice(1, -1).toLowerCase() === kind;
}

function collectExpression(
  this: unknown,
  isOn: boolean,
  data: unknown,
  _: unknown,
  context?: KeywordContext,
): boolean {
  if (!isOn || typeof data !== 'string') return true;
  const { root, parts } = this as Found;
  parts.push({ type: 'expression', text: data, path: pathOf(root, context?.instancePath ?? '') });
  return true;
}

/** Text that is a date; null is left to `type`. */
function checkDate(isOn: boolean, data: unknown): boolean {
  if (!isOn || data === null) return true;
  return typeof data === 'string' && parseTime(data) !== undefined;
}
