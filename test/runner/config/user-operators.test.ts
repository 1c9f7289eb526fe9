import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../../runner/config/types.ts';
import { findOperators, operatorsOf } from '../../../runner/config/user-operators.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-ops-'));
  const operator = `{ parameters: [{ name: 'x', kind: 'series' as const }], compute: ([x]: [Float64Array]) => x.map(by) }`;
  writeFileSync(join(folder, 'by.ts'), 'export const by = (v: number) => 2 * v;');
  writeFileSync(
    join(folder, 'ops.ts'),
    `import { by } from './by.ts';\nexport const Twice = ${operator};\nexport const Double = ${operator};`,
  );
  writeFileSync(join(folder, 'broken.ts'), 'export const Twice = {;');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workflow = (custom_ops: unknown) => ({
  config: { qlib_init: { custom_ops } } as unknown as ConfigMap,
  folder,
  searchPaths: [folder],
});
const own = async (custom_ops: unknown) => {
  const { operators, errors, warnings } = await findOperators(workflow(custom_ops));
  return {
    names: ['Twice', 'Double'].filter((name) => operators.has(name)),
    errors: errors.map((e) => `${e.path.join('.')}: ${e.problem}`),
    warnings: warnings.map((e) => e.problem),
  };
};

describe('findOperators', () => {
  it('takes the forms of qlib, and files', async () => {
    const both = { names: ['Twice', 'Double'], errors: [], warnings: [] };
    expect(await own(null)).toEqual({ ...both, names: [] });
    expect(await own(['./ops.ts'])).toEqual(both);
    expect(await own(['ops.Twice', { class: 'Double', module_path: './ops.ts' }])).toEqual(both);
    expect(await own([{ class: 'Twice', module_path: 'ops' }])).toEqual({ ...both, names: ['Twice'] });
    expect((await own(['./ops.ts', 'ops.Twice'])).warnings).toEqual([
      'the operator Twice takes the place of another of that name',
    ]);
  });

  it("takes qlib's operators for data of several rows a day by the name that qlib has for them", async () => {
    const module_path = 'qlib.contrib.ops.high_freq';
    const { operators, errors, warnings } = await findOperators(
      workflow([{ class: 'DayLast', module_path }, `${module_path}.Cut`, { class: 'DayLst', module_path }]),
    );
    expect(['DayLast', 'Cut', 'FFillNan'].map((name) => operators.has(name))).toEqual([true, true, false]);
    expect(errors.map((e) => `${e.path.join('.')}: ${e.problem}`)).toEqual([
      `qlib_init.custom_ops.2: unknown operator "DayLst" in ${module_path}`,
    ]);
    expect(warnings).toEqual([]);
  });

  it('gathers what is wrong, each at its place', async () => {
    const place = 'qlib_init.custom_ops';
    expect((await own({ class: 'Twice' })).errors[0]).toMatch(/^qlib_init.custom_ops: must be a list/);
    const { errors, names } = await own([
      ...[{ class: 'Twise', module_path: './ops.ts' }, { class: 'Twice' }, 5],
      ...[
        { class: 'Twice', module_path: 'nosuch.ops' },
        { class: 'Twice', module_path: '../ops.ts' },
      ],
      ...[
        { class: 'Twice', module_path: './broken.ts' },
        { class: 'Twice', module_path: './ops.ts', kwargs: { n: 1 } },
      ],
      { class: 'Double', module_path: './ops.ts' },
    ]);
    expect(names).toEqual(['Double']);
    expect(errors).toEqual([
      `${place}.0: unknown operator "Twise" in ${join(folder, 'ops.ts')}`,
      `${place}.1: the operator Twice needs the file that it comes from`,
      expect.stringMatching(/^qlib_init.custom_ops.2: an operator must be a mapping/),
      `${place}.3.module_path: no file for module_path "nosuch.ops"`,
      expect.stringMatching(/^qlib_init.custom_ops.4.module_path: module_path "..\/ops.ts" is not allowed/),
      expect.stringMatching(/^qlib_init.custom_ops.5: .*broken.ts:1:23: Expected identifier/),
      `${place}.6.kwargs: an operator has no kwargs: its arguments stand in expressions`,
    ]);
    await expect(operatorsOf(workflow(['./nosuch.ts']))).rejects.toThrow(/no such file/);
  });
});
