import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { createFile, writeAll } from './atomic.ts';
import { parsePoint } from './metric-file.ts';

const appendFlags = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
const mostOpenFiles = 200;

/**
 * Appends whole lines to metric files, each call with one write: several processes may log to one file, and a process that dies
 * loses no line that it was told is written. Files stay open between calls; the least recently used are closed.
 */
export class MetricWriter {
  readonly #open = new Map<string, number>();

  /** `work` is a folder on the same file system for the first, not yet visible version of a new file. */
  append(path: string, lines: string, work: string): void {
    let fd = this.#open.get(path);
    if (fd === undefined) {
      // A new file appears with its first line in it: MLflow cannot read an empty one.
      if (createFile(path, lines, work)) return;
      fd = openForAppend(path);
      if (this.#open.size >= mostOpenFiles) this.#closeOldest();
    } else this.#open.delete(path);
    this.#open.set(path, fd);
    try {
      writeAll(fd, lines);
    } catch (error) {
      // The file may end in the middle of a line: whoever opens it next sees to that.
      this.#close(path, fd);
      throw error;
    }
  }

  /** Brings the open files below a folder to the disk. */
  sync(folder: string): void {
    for (const [path, fd] of this.#open) if (path.startsWith(folder)) fsyncSync(fd);
  }

  /** Closes the files below a folder; all without one. */
  close(folder = ''): void {
    for (const [path, fd] of [...this.#open]) if (path.startsWith(folder)) this.#close(path, fd);
  }

  #closeOldest(): void {
    const [oldest] = this.#open;
    if (oldest) this.#close(...oldest);
  }

  #close(path: string, fd: number): void {
    this.#open.delete(path);
    closeSync(fd);
  }
}

function openForAppend(path: string): number {
  const fd = openSync(path, appendFlags);
  try {
    endLastLine(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * A writer that was killed may have left half a line. What reads as a point is kept and gets its line end, the rest is cut off.
 * A live writer in the middle of its write is given time to end it.
 */
function endLastLine(fd: number): void {
  const tail = Buffer.alloc(4096);
  let size = fstatSync(fd).size;
  for (let attempt = 0; ; attempt++) {
    if (size === 0) return;
    const from = Math.max(0, size - tail.length);
    const text = tail.toString('latin1', 0, readSync(fd, tail, 0, size - from, from));
    if (text.endsWith('\n')) return;
    if (attempt < 5) {
      Atomics.wait(pause, 0, 0, 4);
      const now = fstatSync(fd).size;
      if (now !== size) attempt = -1;
      size = now;
      continue;
    }
    const start = text.lastIndexOf('\n') + 1;
    const rest = text.slice(start);
    if (rest.split(' ').length >= 3 && parsePoint(rest)) writeAll(fd, '\n');
    else ftruncateSync(fd, from + start);
    return;
  }
}
