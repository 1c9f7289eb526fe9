import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** A column's place in the file of an entry. */
export interface ColumnPiece {
  readonly offset: number;
  readonly values: Float32Array;
  /** When read: what its bytes must sum up to. */
  readonly checksum: number;
}

export interface ColumnsJob {
  readonly file: string;
  readonly pieces: readonly ColumnPiece[];
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
/** Bytes that are summed while they are still in the processor's cache. */
const block = 1 << 18;

/** Writes columns at their places; returns the CRC-32 of each. */
export function cacheWriteTask({ file, pieces }: ColumnsJob): number[] {
  const opened = openSync(file, 'r+');
  try {
    return pieces.map(({ offset, values }) => {
      const bytes = bytesOf(values);
      for (let done = 0; done < bytes.length; )
        done += writeSync(opened, bytes, done, bytes.length - done, offset + done);
      return crc32(bytes);
    });
  } finally {
    closeSync(opened);
  }
}

/** Reads columns from their places; false where one is cut short or damaged. */
export function cacheReadTask({ file, pieces }: ColumnsJob): boolean {
  if (pieces.length === 0) return true;
  const opened = openSync(file, 'r');
  try {
    return pieces.every(({ offset, values, checksum }) => {
      const bytes = bytesOf(values);
      let sum = 0;
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(opened, bytes, done, Math.min(block, bytes.length - done), offset + done);
        if (got === 0) return false;
        sum = crc32(bytes.subarray(done, done + got), sum);
        done += got;
      }
      return sum === checksum;
    });
  } finally {
    closeSync(opened);
  }
}
