import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gitState, parseStatus } from '../../../runner/record/git-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-git-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

describe('gitState', () => {
  it('is null outside of a repository and before the first commit', async () => {
    expect(await gitState(folder)).toBeNull();
    git('init', '-q', '-b', 'trunk');
    expect(await gitState(folder)).toBeNull();
  });

  it('tells commit, branch, and whether all is committed', async () => {
    writeFileSync(join(folder, 'a.txt'), '1');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const commit = git('rev-parse', 'HEAD');
    expect(await gitState(folder)).toEqual({ commit, branch: 'trunk', isDirty: false });
    writeFileSync(join(folder, 'b.txt'), '1');
    expect(await gitState(folder)).toEqual({ commit, branch: 'trunk', isDirty: true });
    git('checkout', '-q', '--detach');
    expect((await gitState(folder))?.branch).toBeNull();
  });

  it('takes nothing from text that is none of git', () => {
    expect(parseStatus('')).toBeNull();
    expect(parseStatus('# branch.oid (initial)\n# branch.head main\n')).toBeNull();
  });
});
