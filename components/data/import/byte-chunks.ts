import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UserError } from '../../core/errors.ts';

const chunkSize = 4 << 20;
/** Gzipped files below are unpacked at once. */
const wholeBelow = 16 << 20;

/** The bytes of a file piece by piece; `.gz` is unpacked. A piece is valid until the next one. @throws UserError for a broken archive */
export async function* byteChunks(file: string): AsyncGenerator<Uint8Array> {
  const opened = openSync(file, 'r');
  try {
    const stats = fstatSync(opened);
    if (!stats.isFile()) throw new UserError(`${file} is no regular file`);
    if (/\.gz$/i.test(file)) yield* unpacked(file, stats.size);
    else {
      const buffer = Buffer.allocUnsafe(Math.min(chunkSize, stats.size + 1));
      for (let got = 0; (got = readSync(opened, buffer, 0, buffer.length, null)) > 0; )
        yield buffer.subarray(0, got);
    }
  } finally {
    closeSync(opened);
  }
}

async function* unpacked(file: string, size: number): AsyncGenerator<Uint8Array> {
  const broken = (error: unknown) =>
    new UserError(`${file}: a broken gzip file: ${error instanceof Error ? error.message : String(error)}`);
  if (size <= wholeBelow) {
    let bytes: Uint8Array | undefined;
    try {
      bytes = gunzipSync(readFileSync(file), { maxOutputLength: 16 * wholeBelow, chunkSize: 1 << 18 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw broken(error);
    }
    if (bytes) {
      yield bytes;
      return;
    }
  }
  try {
    const source = createReadStream(file);
    const gunzip = createGunzip({ chunkSize: 1 << 20 });
    source.on('error', (error) => gunzip.destroy(error));
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw broken(error);
  }
}
