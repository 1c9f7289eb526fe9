import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';

const chunk = Buffer.allocUnsafe(64 * 1024);
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a small file: three system calls and no copy but the string. Links are not followed.
 * Undefined where there is no such file, or it is a folder.
 */
export function readText(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    const count = readSync(fd, chunk, 0, chunk.length, null);
    return count < chunk.length ? chunk.toString('utf8', 0, count) : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
