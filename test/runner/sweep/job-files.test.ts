import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWorkflow } from '../../../runner/config/index.ts';
import { areHere, jobFiles, placeFiles } from '../../../runner/sweep/queue/job-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-job-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const collected = async (cwd: string, env = {}) => {
  const config = join(folder, 'home/configs/a.yaml');
  return jobFiles(await readWorkflow(config, { env, cwd }), config, cwd);
};

function writeAll(): void {
  write(
    'home/configs/a.yaml',
    'BASE_CONFIG_PATH: ../bases/b.yaml\nqlib_init: {provider_uri: "{{ DATA }}"}\ntask: {model: {class: M, module_path: ./m.ts, kwargs: {groups: groups.csv, far: /etc/hostname}}}\n',
  );
  write('home/bases/b.yaml', 'experiment_name: from the base\n');
  write('home/configs/m.ts', "import { half } from '../lib/half.ts';\nexport class M {}\n");
  write('home/lib/half.ts', "export { one } from './one.js';\n");
  write('home/lib/one.ts', 'export const one = 1;\n');
  write('home/configs/groups.csv', 'instrument,groups\n');
  write('home/configs/other.yaml', 'not named\n');
}

describe('jobFiles', () => {
  it('takes the workflow, its base, modules with their imports, and small files that it names', async () => {
    writeAll();
    const files = await collected(join(folder, 'elsewhere'), { DATA: '/data' });
    expect(files.entry).toBe('configs/a.yaml');
    expect(files.cwd).toBe('');
    expect(Object.keys(files.contents!)).toEqual([
      'bases/b.yaml',
      'configs/a.yaml',
      'configs/groups.csv',
      'configs/m.ts',
      'lib/half.ts',
      'lib/one.ts',
    ]);
  });

  it('makes another machine read the same workflow', async () => {
    writeAll();
    const files = await collected(join(folder, 'home'), { DATA: '/here' });
    const config = join(folder, 'home/configs/a.yaml');
    expect(areHere(files, config)).toBe(true);
    rmSync(join(folder, 'home/bases'), { recursive: true });
    expect(areHere(files, config)).toBe(false);
    const place = placeFiles(files, join(folder, 'there'));
    expect(placeFiles(files, join(folder, 'there'))).toEqual(place);
    const workflow = await readWorkflow(place.config, { env: { DATA: '/there' }, cwd: place.cwd });
    expect(workflow.config['experiment_name']).toBe('from the base');
    expect(workflow.config['qlib_init']).toEqual({ provider_uri: '/there' });
    expect(readFileSync(join(place.config, '../../lib/one.ts'), 'utf8')).toBe('export const one = 1;\n');
  });

  it('keeps the current folder that files are named from', async () => {
    write('home/configs/a.yaml', 'BASE_CONFIG_PATH: bases/b.yaml\n');
    write('home/bases/b.yaml', 'experiment_name: x\n');
    const files = await collected(join(folder, 'home'));
    const place = placeFiles(files, join(folder, 'there'));
    const workflow = await readWorkflow(place.config, { env: {}, cwd: place.cwd });
    expect(workflow.config['experiment_name']).toBe('x');
  });

  it('writes nothing outside of its folder', () => {
    const files = { hash: 'ab', entry: '../a.yaml', cwd: '', contents: { '../a.yaml': '' } };
    expect(() => placeFiles(files, join(folder, 'there'))).toThrow(
      "a job's file ../a.yaml leads out of its folder",
    );
    expect(() => placeFiles({ ...files, hash: '../x' }, folder)).toThrow('a job has files without a name');
  });
});
