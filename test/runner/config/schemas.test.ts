import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { editorSchemas } from '../../../runner/config/editor-schema.ts';
import { checkWorkflow, formatErrors, readWorkflow } from '../../../runner/config/index.ts';
import { classesOf, currentModule, knownModules } from '../../../runner/config/known-classes.ts';
import { workflowSchema } from '../../../runner/config/workflow-schema.ts';
import { fullCatalogue } from '../../../runner/context.ts';

/** Keywords of JSON schema and our own; anything else is a slip that ajv would ignore. */
function strictAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allErrors: true,
  });
  for (const keyword of ['component', 'defaultModule', 'expression', 'date']) ajv.addKeyword(keyword);
  return ajv;
}

describe('schemas of the catalogue', () => {
  it.each(fullCatalogue.map((e) => [`${e.kind} ${e.name}`, e] as const))(
    '%s has a sound schema of its kwargs',
    async (_, entry) => {
      const { schema } = await entry.load();
      expect(() => strictAjv().compile(schema)).not.toThrow();
      expect(schema['type']).toBe('object');
    },
  );

  it('are told apart by kind, name and module', () => {
    const keys = fullCatalogue.flatMap((e) => e.modulePaths.map((m) => `${e.kind} ${m}.${e.name}`));
    expect(keys).toHaveLength(new Set(keys).size);
  });

  it('workflow: is sound', () => {
    expect(() => strictAjv().compile(workflowSchema)).not.toThrow();
  });
});

describe('editorSchemas', () => {
  it('are standard JSON schemas whose references lead somewhere', async () => {
    const schemas = await editorSchemas(fullCatalogue);
    const ajv = new Ajv2020({ strict: false });
    for (const [name, schema] of schemas) ajv.addSchema(schema, name);
    for (const name of schemas.keys()) expect(() => ajv.getSchema(name)).not.toThrow();
    const text = JSON.stringify([...schemas.values()]);
    expect(text).not.toMatch(/"(?:component|defaultModule|expression|date)":(?:true|")/);
  });

  it('accept a sound workflow and refuse a misspelt key in kwargs', async () => {
    const schemas = await editorSchemas(fullCatalogue);
    const ajv = new Ajv2020({ strict: false });
    for (const [name, schema] of schemas) ajv.addSchema(schema, name);
    const check = ajv.getSchema('workflow.schema.json')!;
    const dataset = {
      class: 'DatasetH',
      module_path: 'qlib.data.dataset',
      kwargs: { handler: { class: 'Alpha158' }, segments: {} },
    };
    const workflow = (kwargs: object) => ({
      qlib_init: { provider_uri: 'data' },
      task: { model: { class: 'LinearModel', module_path: 'qlib.contrib.model.linear', kwargs }, dataset },
    });
    expect(check(workflow({ alpha: 1 }))).toBe(true);
    expect(check(workflow({ alhpa: 1 }))).toBe(false);
  });
});

describe('known classes', () => {
  it('holds the classes of the catalogue that are not of qrun alone in their modules', () => {
    const strangers = fullCatalogue.filter(
      (e) =>
        !e.modulePaths.includes('qrun') &&
        !e.modulePaths.some((module) => classesOf(currentModule(module)).includes(e.name)),
    );
    expect(strangers.map((e) => e.name)).toEqual([]);
  });

  it('has no module twice and no name of Object.prototype', () => {
    expect(knownModules).toHaveLength(new Set(knownModules).size);
    expect(classesOf('constructor')).toEqual([]);
    expect(currentModule('__proto__')).toBe('__proto__');
  });
});

/** A checkout of qlib's examples/benchmarks. */
const examples = process.env['QLIB_EXAMPLES'] ?? '';
const yamls = existsSync(examples)
  ? readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name))
  : [];

describe.skipIf(yamls.length === 0)("qlib's benchmark workflows (QLIB_EXAMPLES names the folder)", () => {
  it.each(yamls)('%s is understood', async (name) => {
    const workflow = await readWorkflow(join(examples, name), { env: {}, cwd: examples });
    const { errors, warnings } = await checkWorkflow(workflow, fullCatalogue);
    const text = formatErrors(errors, workflow);
    for (const line of text.split('\n').filter((l) => l !== '' && !l.startsWith('  ')))
      expect(line).toMatch('is not built yet');
    if (errors.length > 0) expect(warnings).toEqual([]);
  });
});
