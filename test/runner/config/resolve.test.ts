import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFile } from '../../../components/core/package-root.ts';
import { fillPlaceholders, isSpec, resolveComponent } from '../../../runner/config/index.ts';
import { catalogue, Files, messageOf } from './support.ts';

let files: Files;
beforeAll(() => {
  files = new Files();
  files.write(
    'conf/my_model.ts',
    'import { twice } from "./helper";\nexport class Mine { readonly n: number; constructor(kwargs: { n: number }) { this.n = twice(kwargs.n); } }\nexport const other = 5;',
  );
  files.write('conf/helper.ts', 'export const twice = (n: number): number => 2 * n;');
  files.write(
    'conf/full.mjs',
    'export const Full = { name: "Full", schema: { type: "object", properties: { a: { type: "number" } }, additionalProperties: false }, create: (o) => o.a };\nexport class Odd { static schema = { type: 5 }; }\nexport class Strict { static schema = { properties: { a: { type: "number" } } }; }\nexport function make(kwargs) { return kwargs.a + 1; }',
  );
  files.write('conf/broken.ts', 'export class Broken {\n  x: = 5;\n}');
  files.write('conf/thrower.js', 'throw new Error("at import");');
  files.write('conf/python.py', 'class A: pass');
  files.write('lib/in_path.js', 'export class InPath {}');
  files.write('lib/pkg/deep.ts', 'export class Deep {}');
  files.write('lib/os.js', 'export class system {}');
  files.write('outside/secret.js', 'export class Secret {}');
  symlinkSync(join(files.folder, 'outside'), join(files.folder, 'conf', 'link'));
});
afterAll(() => files.remove());

const options = () => ({
  catalogue,
  folder: join(files.folder, 'conf'),
  searchPaths: [join(files.folder, 'lib')],
});
const resolve = (spec: unknown, kind = 'model') => resolveComponent(kind, spec, options());
const create = async (spec: unknown) => {
  const { definition, kwargs } = await resolve(spec);
  return definition.create(kwargs, undefined as never);
};
const failure = (spec: unknown, kind = 'model') =>
  messageOf(() => resolve(spec, kind)).then((m) => m.replaceAll(files.folder, ''));

describe('resolveComponent', () => {
  it('finds a class by module and name, by a dotted name, by its package, in the default module', async () => {
    const linear = { class: 'LinearModel', module_path: 'qlib.contrib.model.linear', kwargs: { alpha: 1 } };
    expect(await resolve(linear)).toMatchObject({ className: 'LinearModel', kwargs: { alpha: 1 } });
    expect((await resolve('qlib.contrib.model.linear.LinearModel')).kwargs).toEqual({});
    expect(
      (await resolve({ class: 'qlib.contrib.model.linear.LinearModel', module_path: 'x' })).definition.name,
    ).toBe('LinearModel');
    expect((await resolve({ class: 'LinearModel', module_path: 'qlib.contrib.model' })).definition.name).toBe(
      'LinearModel',
    );
    expect((await resolve({ class: 'Fillna', kwargs: null }, 'processor')).kwargs).toEqual({});
    const { modulePath } = await resolveComponent('record', 'SignalRecord', {
      ...options(),
      defaultModule: 'qlib.workflow.record_temp',
    });
    expect(modulePath).toBe('qlib.workflow.record_temp');
  });

  it.each([
    [
      { class: 'LinearModle', module_path: 'qlib.contrib.model.linear' },
      'unknown model "LinearModle" in module qlib.contrib.model.linear\n  did you mean "LinearModel"? allowed: LinearModel',
    ],
    [
      { class: 'LinearModel', module_path: 'qlib.contrib.model.liner' },
      'unknown module "qlib.contrib.model.liner"\n  did you mean module_path: qlib.contrib.model.linear',
    ],
    [
      { class: 'LinearModel', module_path: 'qlib.contrib.model.gbdt' },
      'the module qlib.contrib.model.gbdt has no class LinearModel\n  did you mean module_path: qlib.contrib.model.linear',
    ],
    [
      { class: 'Fillna', module_path: 'qlib.data.dataset.processor' },
      'Fillna is a processor, a model was expected here\n  allowed: LinearModel',
    ],
    [
      { class: 'LGBModel', module_path: 'qlib.contrib.model.gbdt' },
      'the class LGBModel of qlib.contrib.model.gbdt is not built yet\n  built for this place: LinearModel',
    ],
    [
      { class: 'TRAModel', module_path: 'src/model.py' },
      'the class TRAModel of src/model.py is not built yet\n  built for this place: LinearModel',
    ],
    [
      { class: 'constructor', module_path: 'qlib.contrib.model.linear' },
      'unknown model "constructor" in module qlib.contrib.model.linear\n  allowed: LinearModel',
    ],
    [
      { class: 'LinearModel', module_path: 'qlib.contrib.model.linear', kwargs: { alhpa: 1 } },
      'unknown key "alhpa"\n  did you mean "alpha"? allowed: alpha, estimator, is_fast, limit',
    ],
    [
      { class: 'LinearModel', kwarg: {} },
      'unknown key "kwarg"\n  did you mean "kwargs"? allowed beside class: module_path, kwargs',
    ],
    [{ module_path: 'x' }, 'required key "class" is missing\n  class: is the name of a model'],
    [{ class: 'system', module_path: 'subprocess' }, 'unknown module "subprocess"'],
    [{ class: 'execSync', module_path: 'child_process' }, 'unknown module "child_process"'],
    [
      'file:///tmp/model.pkl',
      'the string "file:///tmp/model.pkl" cannot be loaded as a model: files and URLs, pickles too, are not allowed here',
    ],
    [5, 'a model must be a mapping with class, module_path and kwargs, got 5'],
  ])('refuses %j', async (spec, message) => {
    expect((await failure(spec)).slice(0, message.length)).toBe(message);
  });

  it('loads a class of a TypeScript or JavaScript file without a build step', async () => {
    expect(await create({ class: 'Mine', module_path: './my_model.ts', kwargs: { n: 3 } })).toMatchObject({
      n: 6,
    });
    expect(await create({ class: 'Mine', module_path: 'my_model.ts', kwargs: { n: 4 } })).toMatchObject({
      n: 8,
    });
    expect(await create({ class: 'Full', module_path: './full.mjs', kwargs: { a: 7 } })).toBe(7);
    expect(await create({ func: 'make', module_path: './full.mjs', kwargs: { a: 7 } })).toBe(8);
    expect(await create({ class: 'InPath', module_path: 'in_path' })).toBeDefined();
    expect(await create({ class: 'Deep', module_path: 'pkg.deep' })).toBeDefined();
    expect(await create('pkg.deep.Deep')).toBeDefined();
    expect((await create({ class: 'system', module_path: 'os' }))?.constructor.name).toBe('system');
  });

  it.skipIf(!existsSync(builtFile('index.js')))(
    "gives a user's module this very package as 'qrun' (needs a build)",
    async () => {
      const code =
        "import { UserError } from 'qrun';\nexport class Uses { readonly problem = new UserError(`x`).problem; }";
      files.write('conf/uses.ts', code);
      expect(await create({ class: 'Uses', module_path: './uses.ts' })).toMatchObject({ problem: 'x' });
    },
  );

  it('says so where the schema of a class is none', async () => {
    const message = await failure({ class: 'Odd', module_path: './full.mjs', kwargs: { a: 1 } });
    expect(message).toMatch('the schema of this class is no JSON schema: ');
  });

  it.each([
    [
      { class: 'Min', module_path: './my_model.ts' },
      'unknown class "Min" in /conf/my_model.ts\n  did you mean "Mine"? allowed: Mine, other',
    ],
    [
      { class: 'other', module_path: './my_model.ts' },
      'other of /conf/my_model.ts is neither a class nor a Definition',
    ],
    [{ class: 'toString', module_path: './my_model.ts' }, 'unknown class "toString" in /conf/my_model.ts'],
    [
      { class: 'Full', module_path: './full.mjs', kwargs: { b: 7 } },
      'unknown key "b"\n  did you mean "a"? allowed: a',
    ],
    [
      { class: 'Strict', module_path: './full.mjs', kwargs: { a: 'x' } },
      'must be a number, got the string "x"',
    ],
    [{ class: 'Broken', module_path: './broken.ts' }, '/conf/broken.ts:2:6: Unexpected "="'],
    [
      { class: 'Thrower', module_path: './thrower.js' },
      '/conf/thrower.js failed when it was imported: at import',
    ],
    [
      { class: 'A', module_path: './python.py' },
      'module_path "./python.py" is not allowed: Python cannot be run here',
    ],
    [
      { class: 'A', module_path: './absent.ts' },
      'module_path "./absent.ts": no such file\n  looked in /conf, /lib',
    ],
    [
      { class: 'Secret', module_path: '../outside/secret.js' },
      'module_path "../outside/secret.js" is not allowed: it lies outside',
    ],
    [
      { class: 'Secret', module_path: './link/secret.js' },
      'module_path "./link/secret.js" is not allowed: it lies outside',
    ],
    [
      { class: 'root', module_path: '/etc/passwd' },
      'module_path "/etc/passwd" is not allowed: it lies outside',
    ],
    [
      { class: 'x', module_path: 'node:fs' },
      'module_path "node:fs" is not allowed: it is a URL or a builtin of Node',
    ],
    [
      { class: 'x', module_path: 'data:text/javascript,0' },
      'module_path "data:text/javascript,0" is not allowed: it is a URL',
    ],
    [
      { class: 'x', module_path: 'http://127.0.0.1/x.mjs' },
      'module_path "http://127.0.0.1/x.mjs" is not allowed: it is a URL',
    ],
    [
      { class: 'InPath', module_path: './in_pat\0h.js' },
      'module_path "./in_pat\0h.js" is not allowed: it has a NUL character',
    ],
  ])('refuses the file of %j', async (spec, message) => {
    expect((await failure(spec)).slice(0, message.length)).toBe(message);
  });
});

describe('isSpec', () => {
  it('tells class configs from ready objects', () => {
    class Ready {
      class = 'x';
    }
    expect([{ class: 'a' }, { func: 'a' }, 'a.B'].map(isSpec)).toEqual([true, true, true]);
    expect([new Ready(), { a: 1 }, null, 5, [1]].map(isSpec)).toEqual([false, false, false, false, false]);
  });
});

describe('fillPlaceholders', () => {
  it('fills a copy and leaves what it was given', () => {
    const model = { fit: true };
    const tree = { a: ['<MODEL>', 1], b: { c: '<a.1>', d: 'x <MODEL>' }, e: '<NONE>' };
    const before = JSON.stringify(tree);
    const filled = fillPlaceholders(tree, new Map([['<MODEL>', model]])) as typeof tree;
    expect(filled.a[0]).toBe(model);
    expect(filled).toEqual({ a: [model, 1], b: { c: 1, d: 'x <MODEL>' }, e: '<NONE>' });
    expect(JSON.stringify(tree)).toBe(before);
  });

  it('shares what needs no filling, and does not enter ready objects', () => {
    const part = { x: [1, 2] };
    class Ready {
      x = '<MODEL>';
    }
    const ready = new Ready();
    const filled = fillPlaceholders({ part, ready, m: '<MODEL>' }, new Map([['<MODEL>', 5]])) as Record<
      string,
      unknown
    >;
    expect(filled['part']).toBe(part);
    expect(filled['ready']).toBe(ready);
    expect(ready.x).toBe('<MODEL>');
  });
});
