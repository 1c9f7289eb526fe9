import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Whether git has anything to say of a folder: it, or one above, holds a `.git`, or the environment names a repository. Asking git takes several processes. */
export function inRepository(folder: string): boolean {
  if (process.env['GIT_DIR'] !== undefined) return true;
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}
