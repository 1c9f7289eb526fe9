import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { UserError } from '../../components/core/errors.ts';
import type { Schema } from '../../components/core/registry.ts';
import { collectExpression, distinctParts, mayBeComponent, mayBeDate, type Part } from './keywords.ts';
import { explainErrors, pathOf } from './schema-errors.ts';

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
    parts: distinctParts(found.parts),
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
    validate: expression,
    errors: false,
  });
  made.addKeyword({ keyword: 'date', schemaType: 'boolean', validate: mayBeDate, errors: false });
  return made;
}

function checkComponent(
  this: unknown,
  kind: string,
  data: unknown,
  schema?: Readonly<Record<string, unknown>>,
  context?: KeywordContext,
): boolean {
  const { root, parts } = this as Found;
  return mayBeComponent(kind, data, schema, () => pathOf(root, context?.instancePath ?? ''), parts);
}

function expression(
  this: unknown,
  isOn: boolean,
  data: unknown,
  _: unknown,
  context?: KeywordContext,
): boolean {
  const { root, parts } = this as Found;
  collectExpression(isOn, data, () => pathOf(root, context?.instancePath ?? ''), parts);
  return true;
}
