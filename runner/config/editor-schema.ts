import type { CatalogueEntry, Schema } from '../../components/core/registry.ts';
import { isMapping } from './spec.ts';
import { workflowSchema } from './workflow-schema.ts';

const draft = 'https://json-schema.org/draft/2020-12/schema';

/**
 * JSON schemas for editors, by file name: `workflow.schema.json`, one for each kind of component (`model.schema.json`) and one for the kwargs of each class
 * (`model.LGBModel.schema.json`). qrun's own keywords become standard ones: `component` a reference to the kind's file, `date` text.
 */
export async function editorSchemas(catalogue: readonly CatalogueEntry[]): Promise<Map<string, Schema>> {
  const files = new Map<string, Schema>();
  files.set('workflow.schema.json', { $schema: draft, title: 'qrun workflow', ...standard(workflowSchema) });
  const entries = [...catalogue].sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  for (const entry of entries) {
    const { schema } = await entry.load();
    const title = `kwargs of ${entry.name} (${entry.modulePaths[0]})`;
    files.set(fileOf(entry, entries), { $schema: draft, title, ...standard(schema) });
  }
  const kinds = new Set([...entries.map((e) => e.kind), ...[...files.values()].flatMap(kindsIn)]);
  for (const kind of [...kinds].sort(compare)) files.set(`${kind}.schema.json`, kindSchema(kind, entries));
  return files;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Classes of one name are told apart by their module. */
function fileOf(entry: CatalogueEntry, entries: readonly CatalogueEntry[]): string {
  const isShared = entries.filter((e) => e.kind === entry.kind && e.name === entry.name).length > 1;
  const module = isShared ? `.${entry.modulePaths[0]?.split('.').at(-1)}` : '';
  return `${entry.kind}.${entry.name}${module}.schema.json`;
}

function kindSchema(kind: string, entries: readonly CatalogueEntry[]): Schema {
  const own = entries.filter((e) => e.kind === kind);
  const names = [...new Set(own.map((e) => e.name))];
  return {
    $schema: draft,
    title: `a ${kind}`,
    type: ['object', 'string'],
    properties: {
      class: { ...oneOf(names), description: names.join(', ') },
      func: { type: 'string' },
      module_path: oneOf([...new Set(own.flatMap((e) => e.modulePaths))]),
      kwargs: { type: ['object', 'null'] },
    },
    additionalProperties: false,
    ...(own.length === 0 ? {} : { allOf: own.map((entry) => kwargsOf(entry, entries)) }),
  };
}

/** Names that an editor offers; others are allowed, they may be the user's own. */
const oneOf = (names: readonly string[]): Schema =>
  names.length === 0 ? { type: 'string' } : { anyOf: [{ enum: names }, { type: 'string' }] };

function kwargsOf(entry: CatalogueEntry, entries: readonly CatalogueEntry[]): Schema {
  return {
    if: {
      type: 'object',
      properties: { class: { const: entry.name }, module_path: { enum: entry.modulePaths } },
      required: ['class'],
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
    then: { properties: { kwargs: { $ref: fileOf(entry, entries) } } },
  };
}

/** A schema without qrun's keywords. */
function standard(schema: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema ?? {})) {
    if (key === 'component') out['$ref'] = `${String(value)}.schema.json`;
    else if (key === 'date') out['type'] ??= ['string', 'null'];
    else if (key === 'expression') out['type'] ??= 'string';
    else if (key !== 'defaultModule') out[key] = standardValue(value);
  }
  return out;
}

function standardValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(standardValue);
  return isMapping(value) ? standard(value) : value;
}

/** Kinds that a schema refers to, with or without a class in the catalogue. */
function kindsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(kindsIn);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const kind =
      key === '$ref' && typeof inner === 'string' ? /^(\w+)\.schema\.json$/.exec(inner)?.[1] : undefined;
    return kind === undefined ? kindsIn(inner) : [kind];
  });
}
