import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { isErrorCode } from './error-code.ts';

let counter = 0;

/** A name beside which nobody else writes: process and count. A process that dies leaves it; nobody reads it. */
export function temporaryName(folder: string): string {
  return `${folder}/.new-${process.pid}-${counter++}`;
}

/** Writes all of `data` to a new file that must not exist, without following a link. */
export function writeNew(path: string, data: string | Uint8Array, sync = false): void {
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0),
    0o666,
  );
  try {
    writeAll(fd, data);
    if (sync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes all bytes, also where the system takes them in parts; in one call where it takes them whole. */
export function writeAll(fd: number, data: string | Uint8Array): void {
  const isText = typeof data === 'string';
  let done = isText ? writeSync(fd, data) : writeSync(fd, data);
  if (done === (isText ? Buffer.byteLength(data) : data.length)) return;
  const bytes = isText ? Buffer.from(data) : data;
  while (done < bytes.length) done += writeSync(fd, bytes, done);
}

/**
 * Replaces a file: whoever reads sees the old or the new text, never a part, even if this process dies half way.
 * The temporary file is made in `workFolder`, which must be on the same file system.
 */
export function replaceFile(path: string, data: string | Uint8Array, workFolder: string, sync = false): void {
  const temporary = temporaryName(workFolder);
  writeNew(temporary, data, sync);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a file with its whole text at once. False, and nothing done, where the name is taken. */
export function createFile(path: string, data: string | Uint8Array, workFolder: string): boolean {
  const temporary = temporaryName(workFolder);
  writeNew(temporary, data);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false;
    // File systems without hard links: two writers at the same moment are told apart by the check alone.
    if (!isErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    if (existsSync(path)) return false;
    renameSync(temporary, path);
    return true;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Brings a file or folder to the disk; file systems that cannot do it for folders are let off. */
export function syncPath(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!isErrorCode(error, 'EINVAL', 'EISDIR', 'EPERM', 'EBADF', 'EROFS')) throw error;
  } finally {
    closeSync(fd);
  }
}
