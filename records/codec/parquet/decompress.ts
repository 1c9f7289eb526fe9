import * as zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { UserError } from '../../../components/core/errors.ts';

/** What files come in beside Snappy, which hyparquet knows. Node has zstd from 22.15 on. */
export const decompressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ZSTD(input) {
    const decompress: unknown = Reflect.get(zlib, 'zstdDecompressSync');
    if (typeof decompress !== 'function')
      throw new UserError('this version of Node reads no parquet files compressed with zstd', {
        hint: 'use Node 22.15 or newer, or write the file with compression="snappy"',
      });
    return (decompress as (input: Uint8Array) => Uint8Array)(input);
  },
};
