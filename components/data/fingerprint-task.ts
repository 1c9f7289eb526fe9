import { hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** Values of a file, cut into parts: part k holds the values [cuts[k], cuts[k + 1]) of the file, counted from its first one. */
export interface CutFile {
  readonly file: string;
  readonly cuts: readonly number[];
}

/** Hex digits that are kept of the SHA-256 of a part: 64 bits. */
export const digits = 16;

/** The worker task `fingerprint`: for each file the hashes of its parts, one behind the other; fewer bytes than expected, or none, are hashed as they are. */
export function fingerprintTask(files: readonly CutFile[]): string[] {
  let buffer = Buffer.alloc(1 << 16);
  return files.map(({ file, cuts }) => {
    const from = cuts[0]!;
    const size = 4 * (cuts.at(-1)! - from);
    if (buffer.length < size) buffer = Buffer.alloc(2 * size);
    const got = readPart(file, 4 * (from + 1), buffer.subarray(0, size));
    let hashes = '';
    for (let k = 0; k + 1 < cuts.length; k++) {
      const part = buffer.subarray(4 * (cuts[k]! - from), Math.min(got, 4 * (cuts[k + 1]! - from)));
      hashes += hash('sha256', part, 'hex').slice(0, digits);
    }
    return hashes;
  });
}

/** Number of bytes read; 0 for a file that has gone. */
function readPart(file: string, position: number, out: Buffer): number {
  let opened: number;
  try {
    opened = openSync(file, 'r');
  } catch {
    return 0;
  }
  try {
    let done = 0;
    while (done < out.length) {
      const got = readSync(opened, out, done, out.length - done, position + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  } finally {
    closeSync(opened);
  }
}
