import { type KeyPath, UserError } from '../../core/errors.ts';
import type { Schema } from '../../core/registry.ts';
import type { FieldSpec } from '../../data/provider.ts';

const expressions: Schema = { type: 'array', minItems: 1, items: { type: 'string', expression: true } };

/** Schema of a fields info: `["expr", ...]` or `[["expr", ...], ["name", ...]]`. */
export const fieldsInfoSchema: Schema = {
  type: 'array',
  minItems: 1,
  description: 'list of expressions, or [list of expressions, list of column names]',
  anyOf: [
    expressions,
    {
      type: 'array',
      prefixItems: [expressions, { type: 'array', minItems: 1, items: { type: 'string' } }],
      minItems: 2,
      maxItems: 2,
    },
  ],
};

/** Schema of a loader's config: one fields info, or one a column group. */
export const loaderConfigSchema: Schema = {
  description: 'fields, or fields by column group: {feature: [...], label: [[...], [...]]}',
  anyOf: [fieldsInfoSchema, { type: 'object', minProperties: 1, additionalProperties: fieldsInfoSchema }],
};

/** Reads one fields info. Source: qlib, `DLWParser._parse_fields_info`. @throws UserError where names and expressions do not match. */
export function readFields(info: unknown, group: string | null, path: KeyPath): FieldSpec[] {
  const bad = (problem: string) =>
    new UserError(problem, {
      hint: 'write a list of expressions, or [[expression, ...], [column name, ...]]',
      path,
    });
  if (!Array.isArray(info) || info.length === 0) throw bad('no fields given');
  if (info.every((item) => typeof item === 'string'))
    return info.map((expression) => ({ group, name: expression, expression }));
  const [exprs, names] = info;
  if (info.length !== 2 || !Array.isArray(exprs) || !Array.isArray(names))
    throw bad('neither a list of expressions nor a pair of expressions and names');
  if (exprs.length !== names.length)
    throw bad(`${exprs.length} expressions and ${names.length} column names`);
  return exprs.map((expression, i) => {
    const name = names[i];
    if (typeof expression !== 'string' || typeof name !== 'string')
      throw bad('expressions and column names must be text');
    return { group, name, expression };
  });
}

/** Fields by group; the group null stands for columns of one level. */
export function readLoaderConfig(config: unknown, path: KeyPath): Map<string | null, FieldSpec[]> {
  if (config === null || typeof config !== 'object' || Array.isArray(config))
    return new Map([[null, readFields(config, null, path)]]);
  return new Map(
    Object.entries(config).map(([group, info]) => [group, readFields(info, group, [...path, group])]),
  );
}
