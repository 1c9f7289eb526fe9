import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { qrun, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
afterAll(clean);

/** Sizes of the files of the build that a call has loaded, as V8 tells them. */
function loadedBytes(coverage: string): number[] {
  const scripts = readdirSync(coverage).flatMap(
    (name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result as { url: string }[],
  );
  const files = scripts.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  return [...new Set(files)].map((url) => statSync(new URL(url)).size);
}

describe('qrun --help', () => {
  it('lists commands and options, and loads next to nothing for it', async () => {
    const { folder: coverage, clean: cleanCoverage } = temporaryFolder();
    const { code, stdout, stderr } = await qrun(['--help'], {
      cwd: folder,
      env: { NODE_V8_COVERAGE: coverage },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: qrun /);
    for (const word of ['check', 'data', '--experiment-name', '--uri-folder']) expect(stdout).toContain(word);
    const sizes = loadedBytes(coverage);
    expect(sizes.length).toBeLessThanOrEqual(8);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(300_000);
    expect(readdirSync(folder)).toEqual([]);
    cleanCoverage();
  });
});

describe('a call that cannot be right', () => {
  it('without a workflow file says how to call', async () => {
    const { code, stderr } = await qrun([], { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain('no workflow file is given');
    expect(stderr).toContain('qrun CONFIG.yaml');
  });

  it('with an unknown option runs nothing', async () => {
    const { code, stdout, stderr } = await qrun(['a.yaml', '--experiment-nmae', 'x'], { cwd: folder });
    expect([code !== 0, stdout]).toEqual([true, '']);
    expect(stderr).toContain('--experiment-nmae');
    expect(stderr).toContain('--experiment-name');
  });

  it.each<readonly [string[], string, string]>([
    [['chekc', 'w.yaml'], '"chekc" is no command', 'did you mean "qrun check"?'],
    [['runs', 'shwo', 'x'], 'unknown command "shwo"', 'did you mean "show"?'],
    [['runs', 'gc', 'x'], 'too many arguments', ''],
    [['w.yaml', 'task.model.kwargs.alpha'], 'half of an override', 'key.path=value'],
    [['w.yaml', '=5'], 'half of an override', 'key.path=value'],
    [['runs', '--uri', 'a-file'], 'a-file is a file, not a folder', 'sqlite:///FILE'],
    [['server', 'a-file'], 'a-file is a file, not a folder', 'sqlite:///FILE'],
    [['data', 'import', 'a-folder', 'a-file'], 'a-file is a file', 'name a folder'],
    [['check', '--schema', 'a-file'], "can't write", 'a-file'],
  ])('%j says what is wrong and writes nothing', async (args, problem, hint) => {
    writeFileSync(join(folder, 'a-file'), 'x');
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    writeFileSync(join(folder, 'a-folder/A.csv'), 'date,close\n2020-01-01,5\n');
    const before = readdirSync(folder);
    const { code, stderr } = await qrun(args, { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/internal error|\n\s+at /);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('with a file that is not there names it', async () => {
    const { code, stderr } = await qrun(['nowhere.yaml'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.yaml');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(folder, 'mlruns'))).toBe(false);
  });
});

describe('qrun data demo', () => {
  const small = ['data', 'demo', 'market', '--instruments', '12', '--years', '1'];

  it('writes a market once', async () => {
    const first = await qrun(small, { cwd: folder });
    expect([first.code, first.stdout, first.stderr]).toEqual([
      0,
      'market: wrote the demo market (12 instruments, 1 years, seed 7)\n',
      '',
    ]);
    const second = await qrun(small, { cwd: folder });
    expect([second.code, second.stdout]).toEqual([
      0,
      'market: the demo market is there (12 instruments, 1 years, seed 7)\n',
    ]);
  });

  it('refuses numbers out of range and folders with something else', async () => {
    const range = await qrun(['data', 'demo', 'other', '--years', '400'], { cwd: folder });
    expect(range.code).toBe(1);
    expect(range.stderr).toContain('years is 400\n  allowed: a whole number from 1 to 40');
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'notes.txt'), 'keep');
    const mine = await qrun(['data', 'demo', 'mine'], { cwd: folder });
    expect(mine.code).toBe(1);
    expect(mine.stderr).toContain('mine is there and holds no demo market');
    expect(readdirSync(join(folder, 'mine'))).toEqual(['notes.txt']);
  });
});
