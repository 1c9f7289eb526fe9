import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inRepository } from '../../records/tracking/in-repository.ts';

const run = promisify(execFile);

/** Which code a folder holds. The uncommitted changes themselves are the artifacts `code_diff.txt`, `code_cached.txt`, `code_status.txt`. */
export interface GitState {
  readonly commit: string;
  /** Null on a detached head. */
  readonly branch: string | null;
  /** Changes that are not committed, untracked files among them. */
  readonly isDirty: boolean;
}

/** What git says of a folder; null outside of a repository, without git, or before the first commit. */
export async function gitState(folder: string): Promise<GitState | null> {
  if (!inRepository(folder)) return null;
  try {
    // one call tells all: commit and branch in lines of their own, then a line a changed file
    const args = [
      '--no-optional-locks',
      '-c',
      'core.fsmonitor=false',
      'status',
      '--porcelain=v2',
      '--branch',
    ];
    const { stdout } = await run('git', args, {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 10_000,
    });
    return parseStatus(stdout);
  } catch {
    return null;
  }
}

/** Reads the output of `git status --porcelain=v2 --branch`; null where there is no commit. */
export function parseStatus(text: string): GitState | null {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const commit = header('oid');
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  const branch = header('head');
  return {
    commit,
    branch: branch === undefined || branch === '(detached)' ? null : branch,
    isDirty: lines.some((line) => !line.startsWith('#')),
  };
}
