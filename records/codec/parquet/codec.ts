import type { Codec } from '../codec.ts';

/**
 * Parquet, through hyparquet and hyparquet-writer, which are loaded when the first such file is read or written. Tables carry pandas' own
 * notes on index, names and dtypes, so that `pandas.read_parquet` gives the table back, and read those of files that pandas wrote.
 */
export const parquetCodec: Codec = {
  endings: ['.parquet', '.pq'],
  async encode(value) {
    return (await import('./write.ts')).writeParquet(value);
  },
  async decode(bytes) {
    return (await import('./read.ts')).readParquet(bytes);
  },
};
