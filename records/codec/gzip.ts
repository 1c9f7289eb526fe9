import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../../components/core/errors.ts';

/** What a packed artifact may unfold to. */
const largest = 1 << 30;

/** Chunks, packed by gzip. */
export async function packed(encode: () => Promise<Uint8Array[]>): Promise<Uint8Array[]> {
  return [gzipSync(Buffer.concat(await encode()))];
}

/** The content of gzip's bytes. @throws UserError where they are damaged, or unfold to more than can be read */
export function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch (error) {
    throw new UserError(
      `the gzip file can't be unpacked (${error instanceof Error ? error.message : error})`,
      {
        cause: error,
      },
    );
  }
}
