import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

const chunk = Buffer.allocUnsafe(64 * 1024);
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a small file: three system calls and no copy but the string. Links are not followed.
 * Undefined where there is no such file, or it is a folder. `marks` gets its time of change (of the inode), inode and size, as they were before it was read.
 */
export function readText(path: string, marks?: number[]): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    if (marks) {
      const { ctimeMs, ino, size } = fstatSync(fd);
      marks.push(ctimeMs, ino, size);
    }
    const count = readSync(fd, chunk, 0, chunk.length, null);
    return count < chunk.length ? chunk.toString('utf8', 0, count) : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
