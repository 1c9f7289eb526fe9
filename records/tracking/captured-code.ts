import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inRepository } from './in-repository.ts';

const run = promisify(execFile);

const commands: Readonly<Record<string, readonly string[]>> = {
  'code_diff.txt': ['diff'],
  'code_status.txt': ['status'],
  'code_cached.txt': ['diff', '--cached'],
};

/** What git tells of uncommitted changes in a folder, under the names of qlib's artifacts; empty where there is no repository or no git. */
export async function captureCode(folder: string): Promise<Readonly<Record<string, string>>> {
  if (!inRepository(folder)) return {};
  try {
    const files = await Promise.all(
      Object.entries(commands).map(async ([name, args]) => {
        // No optional locks: looking must not touch the user's index. No pager, no external diff: nothing is run from a config.
        const options = ['--no-optional-locks', '--no-pager', '-c', 'core.fsmonitor=false', ...args];
        if (args[0] === 'diff') options.push('--no-ext-diff', '--no-textconv');
        const { stdout } = await run('git', options, {
          cwd: folder,
          maxBuffer: 64 * 1024 * 1024,
          timeout: 10_000,
        });
        return [name, stdout] as const;
      }),
    );
    return Object.fromEntries(files);
  } catch {
    return {};
  }
}
