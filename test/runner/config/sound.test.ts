import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Schema } from '../../../components/core/registry.ts';
import { isKnownSchema } from '../../../runner/config/known-schema.ts';
import { soundParts, validated } from '../../../runner/config/sound.ts';
import { validate } from '../../../runner/config/validate.ts';
import { workflowSchema } from '../../../runner/config/workflow-schema.ts';
import { fullCatalogue } from '../../../runner/context.ts';

const schemas: Schema[] = [workflowSchema];
beforeAll(async () => {
  for (const entry of fullCatalogue) schemas.push((await entry.load()).schema);
});

const leaves: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 20, '', 'x', 'mean', '<PRED>', '<MODEL>', '<mine>', '2020-01-31'],
  ...['$close', 'Ref($close, 1)', [], {}, [1], ['a', 'b'], [0, 1], new Map(), Number.NaN, undefined],
  ...[{ class: 'LinearModel' }, { class: 'X', kwargs: {} }, { func: 'f' }, 'pkg.mod.Class'],
];

/** Values that a schema allows more often than not. */
function valueFor(schema: Schema | boolean, depth = 0): fc.Arbitrary<unknown> {
  const anything = fc.constantFrom(...leaves);
  if (typeof schema === 'boolean' || depth > 6) return anything;
  const { type, properties, items, prefixItems, anyOf } = schema as Record<string, never>;
  const likely: fc.Arbitrary<unknown>[] = [];
  if (Array.isArray(schema['enum'])) likely.push(fc.constantFrom(...(schema['enum'] as unknown[])));
  for (const branch of (anyOf ?? []) as Schema[]) likely.push(valueFor(branch, depth + 1));
  if (properties) likely.push(objectFor(schema, depth));
  if (items || prefixItems) likely.push(listFor(schema, depth));
  if ('component' in schema) likely.push(fc.constantFrom({ class: 'A' }, 'm.B', new Map(), '<MODEL>'));
  const types = (Array.isArray(type) ? type : [type]) as unknown[];
  if (types.includes('string')) likely.push(fc.constantFrom('a', '', 'Mean($close, 2)', '2019-02-03', 'é'));
  if (types.includes('integer') || types.includes('number')) likely.push(fc.integer({ min: -1, max: 3 }));
  if (types.includes('number')) likely.push(fc.constantFrom(0.5, 1e9, -0.25));
  if (types.includes('boolean')) likely.push(fc.boolean());
  if (types.includes('null')) likely.push(fc.constant(null));
  if (likely.length === 0) return anything;
  return fc.oneof({ arbitrary: fc.oneof(...likely), weight: 12 }, { arbitrary: anything, weight: 1 });
}

function objectFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = schema['properties'] as Record<string, Schema>;
  const keys = Object.keys(properties);
  const required = (schema['required'] ?? []) as string[];
  return fc
    .tuple(
      fc.shuffledSubarray(keys, { maxLength: Math.min(4, keys.length) }),
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom('extra', 'toString', '__proto__'),
    )
    .chain(([some, chance, other]) => {
      const names = [...new Set([...(chance === 1 ? [] : required), ...some])].filter((k) =>
        keys.includes(k),
      );
      return fc.tuple(...names.map((name) => valueFor(properties[name]!, depth + 1))).map((values) => {
        const made = Object.fromEntries(names.map((name, i) => [name, values[i]]));
        if (chance === 0) Object.defineProperty(made, other, { value: 1, enumerable: true });
        return made;
      });
    });
}

function listFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const first = (schema['prefixItems'] ?? []) as Schema[];
  const rest = schema['items'] as Schema | boolean | undefined;
  const tail =
    typeof rest === 'object' ? fc.array(valueFor(rest, depth + 1), { maxLength: 3 }) : fc.constant([]);
  return fc
    .tuple(fc.tuple(...first.map((item) => valueFor(item, depth + 1))), tail)
    .map(([head, more]) => [...(head as unknown[]), ...(more as unknown[])]);
}

describe('soundParts', () => {
  it('knows the keywords of all our schemas', () => {
    expect(schemas.filter((schema) => !isKnownSchema(schema))).toEqual([]);
  });

  it('takes what the validator takes, with the same parts in the same order', () => {
    let sound = 0;
    for (const schema of schemas)
      fc.assert(
        fc.property(valueFor(schema), (data) => {
          const { errors, parts } = validate(schema, data);
          const found = soundParts(schema, data);
          expect(found !== undefined, JSON.stringify([data, errors])).toBe(errors.length === 0);
          if (!found) return;
          expect(found).toEqual(parts);
          sound++;
        }),
        { numRuns: 40, seed: 7 },
      );
    expect(sound).toBeGreaterThan(schemas.length * 5);
  });

  it('leaves other keywords, and schemas that are none, to the validator', async () => {
    expect(
      soundParts({ type: 'object', patternProperties: { '^a': { type: 'string' } } }, {}),
    ).toBeUndefined();
    expect(soundParts({ type: 'number', minimum: '3' }, 4)).toBeUndefined();
    expect(soundParts({ pattern: '(' }, 'a')).toBeUndefined();
    const { errors } = await validated({ type: 'object', minProperties: 1 }, {});
    expect(errors).toHaveLength(1);
    await expect(validated({ type: 5 }, {})).rejects.toThrow('the schema of this class is no JSON schema');
  });
});
